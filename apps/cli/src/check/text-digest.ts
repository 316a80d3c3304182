/** SQL: the hexadecimal SHA-256 of a text in UTF-8. */
export const digestOf = (text: string): string => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;
