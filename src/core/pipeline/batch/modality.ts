/** (0008,0060) as rules of a machine speak of it; '' for none, and for what is no code of the standard. */
export function codedModality(text: string): string {
  const code = text.trim().toUpperCase();
  return /^[A-Z0-9_]{1,16}$/.test(code) ? code : '';
}
