import { awsCredentialSource } from './aws-credentials.js';
import { AwsKmsKeyService } from './aws-kms-key-service.js';
import { KeyServiceUnknown } from './errors.js';
import type { KeyService } from './key-service.js';
import { weak } from './master-key.js';
import { PassphraseKeyService } from './passphrase-key-service.js';
import { Pkcs11KeyService } from './pkcs11-key-service.js';
import { readSecretFile } from './secret-file.js';
import { SecretKeyService } from './secret-key-service.js';
import { weaknessOf } from './weak-secrets.js';

type Environment = Record<string, string | undefined>;

const awsVariables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_PROFILE',
  'AWS_ENDPOINT_URL_KMS',
] as const;
const masterSecretVariable = 'INSIGNE_MASTER_SECRET';

/** What each kind of key service takes from the environment; the others take nothing. */
const variablesOfKind: Record<string, readonly string[]> = {
  env: [masterSecretVariable],
  arn: awsVariables,
  pkcs11: ['PATH', 'HOME', 'SOFTHSM2_CONF'],
};

/** What any key service may take from the environment. */
export const keyServiceVariables: readonly string[] = Object.values(variablesOfKind).flat();

const kindOf = (spec: string): string => spec.trim().split(':')[0]!;

/** What the services that a setting names take from the environment, and nothing else of it. */
export function keyServiceEnvironment(setting: string, environment: Environment): Environment {
  const names = setting.split('|').flatMap((spec) => variablesOfKind[kindOf(spec)] ?? []);
  return Object.fromEntries(names.map((name) => [name, environment[name]]));
}

/**
 * Takes the secrets of key services out of a process's variables once they were read, so that no program it starts,
 * no thread and no diagnostic report has them. The system still shows the block that the process was started with
 * (`/proc/PID/environ`).
 */
export function forgetKeySecrets(environment: Environment): void {
  for (const name of [masterSecretVariable, ...awsVariables]) delete environment[name];
}

/**
 * The key services a setting names, separated by `|`: the first wraps new keys, the others only open old ones.
 *
 * - `file:/path`: 32 random bytes in base64, mode 0600
 * - `passphrase:/path`: a file with a passphrase of at least 20 characters, mode 0600
 * - `env:INSIGNE_MASTER_SECRET`: 32 random bytes in base64 in that variable
 * - `arn:aws:kms:…:key/…`: AWS KMS, with the usual AWS_… variables
 * - `pkcs11:token=…;object=…[;id=%01]?module-path=…&pin-source=/path[&x-hash=sha1]`: RFC 7512
 *
 * @throws KeyServiceUnknown (`key_service_unknown`), SecretRefused (`master_key_…`) for a weak or readable secret
 */
export function openKeyServices(setting: string, environment: Environment): KeyService[] {
  const specs = setting
    .split('|')
    .map((spec) => spec.trim())
    .filter(Boolean);
  if (specs.length === 0)
    throw new KeyServiceUnknown(
      'Aucun service de clés n’est indiqué : donnez INSIGNE_MASTER_KEY_FILE ou INSIGNE_KEY_SERVICE.',
      'No key service is named: set INSIGNE_MASTER_KEY_FILE or INSIGNE_KEY_SERVICE.',
    );
  return specs.map((spec) => openKeyService(spec, environment));
}

/** One service by its spec; see `openKeyServices`. */
export function openKeyService(spec: string, environment: Environment): KeyService {
  const [kind, rest] = /^([a-z0-9]+):(.+)$/s.exec(spec)?.slice(1) ?? [];
  if (kind === 'file') return SecretKeyService.fromFile(rest!);
  if (kind === 'passphrase') return PassphraseKeyService.fromFile(rest!);
  if (kind === 'env') return SecretKeyService.fromEnvironment(rest!, environment[rest!]);
  if (kind === 'arn') return awsKms(spec, environment);
  if (kind === 'pkcs11') return pkcs11(spec, rest!, environment);
  throw new KeyServiceUnknown(
    `Le service de clés « ${spec} » n’est pas compris : écrivez file:CHEMIN, passphrase:CHEMIN, env:NOM, arn:aws:kms:… ou pkcs11:…`,
    `The key service "${spec}" is not understood: write file:PATH, passphrase:PATH, env:NAME, arn:aws:kms:… or pkcs11:…`,
  );
}

function awsKms(keyArn: string, environment: Environment): KeyService {
  if (!/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/.test(keyArn))
    throw new KeyServiceUnknown(
      `« ${keyArn} » n’est pas l’ARN d’une clé KMS : arn:aws:kms:RÉGION:COMPTE:key/ID.`,
      `"${keyArn}" is not the ARN of a KMS key: arn:aws:kms:REGION:ACCOUNT:key/ID.`,
    );
  return new AwsKmsKeyService({
    keyArn,
    credentials: awsCredentialSource(environment),
    endpoint: environment.AWS_ENDPOINT_URL_KMS?.replace(/\/$/, ''),
  });
}

function pkcs11(spec: string, rest: string, environment: Environment): KeyService {
  const [path = '', query = ''] = rest.split('?') as [string, string | undefined];
  const attributes = new URLSearchParams(path.replaceAll(';', '&').replaceAll('+', '%2B'));
  const options = new URLSearchParams(query.replaceAll('+', '%2B'));
  const [token, object] = [attributes.get('token'), attributes.get('object')];
  const [module, pinSource] = [options.get('module-path'), options.get('pin-source')];
  const id = /(?:^|;)id=((?:%[0-9A-Fa-f]{2})+)(?:;|$)/.exec(path)?.[1]?.replaceAll('%', '');
  const hash = options.get('x-hash') ?? 'sha256';
  if (!token || !object || !module || !pinSource || (hash !== 'sha1' && hash !== 'sha256'))
    throw new KeyServiceUnknown(
      `« ${spec} » est incomplet : pkcs11:token=…;object=…?module-path=…&pin-source=… (x-hash=sha1 ou sha256).`,
      `"${spec}" is incomplete: pkcs11:token=…;object=…?module-path=…&pin-source=… (x-hash=sha1 or sha256).`,
    );
  const pinFile = pinSource.replace(/^file:/, '');
  const pin = readSecretFile(pinFile);
  const weakness = weaknessOf(pin, 4);
  // A PIN is short by nature: the token counts wrong tries.
  if (weakness === 'empty' || weakness === 'published')
    throw weak(weakness, pinFile, 'pkcs11-tool --change-pin');
  const { PATH, HOME, SOFTHSM2_CONF } = environment;
  return new Pkcs11KeyService({
    module,
    token,
    object,
    id,
    pin,
    hash,
    environment: { PATH, HOME, SOFTHSM2_CONF },
  });
}
