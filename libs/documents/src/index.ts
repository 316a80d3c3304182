export { type BadgeCard, badgeCardPng, cardSize } from './badge-card.js';
export { type Certificate, certificatePdf } from './certificate.js';
export { type CvSheet, cvSheetPdf, type SheetBadge } from './cv-sheet.js';
