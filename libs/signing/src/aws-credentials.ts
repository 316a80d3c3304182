import type { AwsCredentials } from './aws-sigv4.js';
import { KeyServiceUnknown } from './errors.js';
import { readSecretFile } from './secret-file.js';

/** Where credentials come from, and what they are at this moment. */
export interface AwsCredentialSource {
  kind: 'variables' | 'file';
  /** @throws SecretRefused (`master_key_…`) or KeyServiceUnknown when the file cannot be used now */
  read(): AwsCredentials;
}

/**
 * The credentials of AWS in these variables: `AWS_ACCESS_KEY_ID` with `AWS_SECRET_ACCESS_KEY`, which stay as they are,
 * else the profile `AWS_PROFILE` of the file `AWS_SHARED_CREDENTIALS_FILE`, which is read anew each time, so that
 * whatever renews it needs no restart.
 * @throws KeyServiceUnknown (`key_service_unknown`) when there are none, SecretRefused (`master_key_…`)
 */
export function awsCredentialSource(environment: Record<string, string | undefined>): AwsCredentialSource {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
  const { AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE } = environment;
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY) {
    const credentials = {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    };
    return { kind: 'variables', read: () => credentials };
  }
  if (!file)
    throw new KeyServiceUnknown(
      'AWS KMS demande les variables AWS_ACCESS_KEY_ID et AWS_SECRET_ACCESS_KEY, ou AWS_SHARED_CREDENTIALS_FILE.',
      'AWS KMS needs the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE.',
    );
  const source: AwsCredentialSource = {
    kind: 'file',
    read: () => credentialsIn(file, AWS_PROFILE || 'default'),
  };
  // A file that cannot be used is refused at the start.
  source.read();
  return source;
}

function credentialsIn(file: string, profile: string): AwsCredentials {
  const values = new Map<string, string>();
  let section: string | undefined;
  for (const line of readSecretFile(file).split(/\r?\n/)) {
    const heading = /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1];
    section = heading ?? section;
    const [, name, value] = /^\s*(aws_[a-z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && section === profile) values.set(name, value!);
  }
  const [accessKeyId, secretAccessKey] = [
    values.get('aws_access_key_id'),
    values.get('aws_secret_access_key'),
  ];
  if (!accessKeyId || !secretAccessKey)
    throw new KeyServiceUnknown(
      `Le fichier ${file} (AWS_SHARED_CREDENTIALS_FILE) ne donne pas aws_access_key_id et aws_secret_access_key du profil [${profile}].`,
      `The file ${file} (AWS_SHARED_CREDENTIALS_FILE) does not give aws_access_key_id and aws_secret_access_key of the profile [${profile}].`,
    );
  return { accessKeyId, secretAccessKey, sessionToken: values.get('aws_session_token') };
}
