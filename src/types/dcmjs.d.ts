/** The little of dcmjs that the benchmark measures itself against. */
declare module 'dcmjs' {
  const dcmjs: {
    data: {
      DicomMessage: { readFile(bytes: ArrayBuffer): { dict: Record<string, unknown>; write(): ArrayBuffer } };
    };
    anonymizer: { cleanTags(dict: Record<string, unknown>): void };
    log: { setLevel(level: string): void };
  };
  export default dcmjs;
}
