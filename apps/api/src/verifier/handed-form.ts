import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#platform';
import type { Recipient } from '#verification';
import type { ProblemCode } from './verifier-texts.js';

/** Largest file that is read, in bytes: a photo of a phone. */
const largestFile = 5 * 1024 * 1024;
const largestText = 1024 * 1024;

/** What somebody handed in with the form. */
export interface HandedForm {
  text: string;
  file?: Buffer;
  name: string;
  email: string;
}

/** The form cannot be read (`file_too_large`, `text_too_large`, `form_broken`). */
export class FormRefused extends DomainError {
  constructor(
    readonly code: Extract<ProblemCode, 'file_too_large' | 'text_too_large' | 'form_broken'>,
    options?: { cause?: unknown },
  ) {
    super(`The form was not read: ${code}`, options);
  }
}

const limits = {
  fileSize: largestFile,
  files: 1,
  fields: 4,
  fieldSize: largestText,
  parts: 6,
  headerPairs: 20,
};

/** Reads a multipart form (RFC 7578) in memory; nothing touches the disk. @throws FormRefused */
export async function handedForm(request: FastifyRequest): Promise<HandedForm> {
  const form: HandedForm = { text: '', name: '', email: '' };
  let isCut = false;
  if (!request.isMultipart()) throw new FormRefused('form_broken');
  try {
    for await (const part of request.parts({ limits })) {
      isCut ||= part.type === 'field' && part.valueTruncated;
      await take(part, form);
    }
  } catch (cause) {
    const code = (cause as { code?: string }).code;
    throw new FormRefused(code === 'FST_REQ_FILE_TOO_LARGE' ? 'file_too_large' : 'form_broken', { cause });
  }
  // Half of a text must not be judged; told once all has arrived, so that the answer is seen.
  if (isCut) throw new FormRefused('text_too_large');
  return form;
}

async function take(part: Multipart, form: HandedForm): Promise<void> {
  if (part.type === 'file') {
    const bytes = await part.toBuffer();
    // A form sent without a file has an empty one.
    if (part.fieldname === 'file' && bytes.length > 0) form.file = bytes;
  } else if (part.fieldname === 'text' || part.fieldname === 'name' || part.fieldname === 'email')
    form[part.fieldname] = String(part.value ?? '').trim();
}

/** Whose badge it should be; undefined when the form does not say. */
export const recipientOf = ({ name, email }: HandedForm): Recipient | undefined =>
  name || email ? { ...(name && { name }), ...(email && { email }) } : undefined;
