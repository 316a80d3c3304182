export { type BadgeCard, badgeCardPng, cardSize } from './badge-card.js';
export { certificatePdf } from './certificate.js';
export type { Certificate } from './certificate-content.js';
export { type CvSheet, cvSheetPdf, type SheetBadge } from './cv-sheet.js';
