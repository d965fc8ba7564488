/** The little of dcmjs that the benchmark measures itself against. */
declare module 'dcmjs' {
  const dcmjs: {
    data: {
      DicomMessage: { readFile(bytes: ArrayBuffer): { dict: Record<string, unknown>; write(): ArrayBuffer } };
    };
  };
  export default dcmjs;
}
