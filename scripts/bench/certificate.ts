/** A recipient for `gdcmanon -e`, which encrypts what it takes out. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** @returns the certificate's file in `folder` */
export function certificate(folder: string): string {
  const file = join(folder, 'c.pem');
  const words = `req -x509 -newkey rsa:2048 -nodes -keyout ${join(folder, 'k.pem')} -out ${file} -days 2 -subj /CN=bench`;
  execFileSync('openssl', words.split(' '), { stdio: 'ignore' });
  return file;
}
