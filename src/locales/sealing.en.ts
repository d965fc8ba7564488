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

  'recipients.add': 'Add a certificate',
  'recipients.remove': 'Remove the certificate of {name}',
  'recipients.facts': '{key}, valid until {until}',
  'recipients.print': 'Fingerprint: {print}',
  'recipients.compare':
    'Compare the fingerprint with the person by telephone: whose certificate it is, nobody else can tell.',
  'recipients.expired': 'Not valid today: nothing can be encrypted for it.',
  'recipients.unreadable': 'This certificate can not be read.',

  'vault.title': 'Encrypted originals',
  'vault.about':
    'Each DICOM file can take its original header along, encrypted for somebody you choose, such as an ethics board. Only the private key that belongs to the certificate opens it; without that key the file is as de-identified as any other.',
  'vault.none': 'None: nothing of the originals leaves.',
  'vault.content': 'What can be given back',
  'vault.everything': 'The whole header',
  'vault.identity': 'Patient and study',
  'vault.everythingHelp':
    'All attributes that this profile changes or removes. Pixels are not among them: what is redacted stays redacted.',
  'vault.identityHelp':
    'Name, numbers, birth date, UIDs, dates and accession number: enough to find the patient again.',

  'reid.title': 'Give images their identity back',
  'reid.about':
    'For the person who holds the private key. Files that carry encrypted originals are opened here; key and names stay in this window and are forgotten when it is closed.',
  'reid.key': '1. Private key',
  'reid.chooseKey': 'Choose the key (PEM)',
  'reid.passphrase': 'Passphrase of the key',
  'reid.unlock': 'Unlock',
  'reid.ready': 'The key is ready ({kind}).',
  'reid.files': '2. De-identified images',
  'reid.folder': 'Open a folder',
  'reid.pick': 'Open files or a ZIP',
  'reid.working': 'Opening',
  'reid.opened': '{count, plural, =0 {No file was opened.} one {# file was opened.} other {# files were opened.}}',
  'reid.notOpened': '{count, plural, one {# file was not:} other {# files were not:}}',
  'reid.file': 'File',
  'reid.patient': 'Patient',
  'reid.id': 'ID',
  'reid.born': 'Born',
  'reid.accession': 'Accession',
  'reid.study': 'Study date',
  'reid.more': '{count, plural, one {… and # more} other {… and # more}}',
  'reid.save': '3. Save them with their identity',
  'reid.saveHelp': 'What is saved names patients. Keep it where patients’ data belong.',
  'reid.toZip': 'Save as ZIP',
  'reid.toFolder': 'Save to a folder',
  'reid.saved': '{count, plural, one {# file saved.} other {# files saved.}}',
  'reid.saveFailed': 'Not saved: {why}',
} as const;
