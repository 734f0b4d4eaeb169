/** What Vite makes of files that are imported as text: their content, and a `data:` URL. */
declare module '*.css?raw' {
  const content: string
  export = content
}

declare module '*.woff2?inline' {
  const url: string
  export = url
}
