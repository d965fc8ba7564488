/** English words of everything that encrypts, opens, signs and checks. */
export const sealingEn = {
  'protect.title': 'Protection of the ZIP',
  'protect.none': 'None',
  'protect.password': 'Password',
  'protect.noneHelp': 'Anybody who gets the file can open it.',
  'protect.passwordHelp':
    'Every file in the ZIP is encrypted (AES-256). 7-Zip and other programs open it with the password; names of files, made of pseudonyms, can be read without it.',
  'protect.word': 'Password, at least {count} characters',
  'protect.make': 'Make one',
  'protect.show': 'Show',
  'protect.hide': 'Hide',
  'protect.copy': 'Copy',
  'protect.copied': 'Copied.',
  'protect.keep':
    'Write it down and send it by another way than the file. Lethe does not keep it: who loses it loses the file.',
} as const;
