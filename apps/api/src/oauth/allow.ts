import { SetMetadata } from '@nestjs/common';
import type { Scope } from '#people';

export const allowKey = 'insigne:allow';

/** Who may call: a client whose token has all of these scopes; with none, any client. */
export const Allow = (...scopes: Scope[]) => SetMetadata(allowKey, scopes);

/** A route under /api/v1 for everybody, without a token. */
export const AllowEverybody = () => SetMetadata(allowKey, 'everybody');

export type AccessRule = Scope[] | 'everybody';
