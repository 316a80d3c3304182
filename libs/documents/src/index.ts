export { type Certificate, certificatePdf } from './certificate.js';
