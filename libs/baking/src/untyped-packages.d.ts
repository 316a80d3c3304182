declare module 'png-chunks-extract' {
  const extract: (png: Uint8Array) => { name: string; data: Uint8Array }[];
  export default extract;
}
