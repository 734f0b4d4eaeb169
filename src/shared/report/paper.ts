/** What a report can be printed on. */
export const papers = ['a4', 'letter'] as const

export type Paper = (typeof papers)[number]

export const paperTitles: Readonly<Record<Paper, string>> = { a4: 'A4', letter: 'Letter' }
