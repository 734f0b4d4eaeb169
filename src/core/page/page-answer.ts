/** A file of the page as it is answered, whatever carries the answer. */
export interface PageFile {
  content: Buffer | string
  headers: Record<string, string>
}

export type PageAnswer = { status: 200; file: PageFile } | { status: 400 | 403 | 404 }

/** Answers for a URL's path and query, as they were asked for. */
export type PageSource = (target: string) => Promise<PageAnswer>
