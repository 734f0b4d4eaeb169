/** What `ask` answers, or null where it takes longer than `timeoutMs` or fails. */
export async function answerWithin<Answer>(
  timeoutMs: number,
  ask: () => Promise<Answer>,
): Promise<Answer | null> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs)
  })
  try {
    return await Promise.race([ask(), silence])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}

/** Whether a promise settles within `ms`; a rejection counts. Leaves no timer behind. */
export async function settlesWithin(ms: number, promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => true,
    () => true,
  )
  return (await answerWithin(ms, () => settled)) ?? false
}
