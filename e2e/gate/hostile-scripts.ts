/*
 * What hostile pages run, as text: each is an expression whose value the page's test gets. Tests know nothing of a
 * browser's own types.
 */

/** `failed`, or what could be read. */
export const fetchScript = (url: string, mode: 'cors' | 'no-cors'): string => `
  fetch(${json(url)}, { credentials: 'include', mode: ${json(mode)} }).then(
    async (answer) => (await answer.text()) + answer.status,
    () => 'failed',
  )`

export const openSocketScript = (url: string): string => `
  new Promise((resolve) => {
    const socket = new WebSocket(${json(url)})
    socket.onopen = () => resolve('open')
    socket.onerror = () => resolve('failed')
  })`

/** Resolves when the frame has loaded, which it also does with a page of the browser's that says it may not. */
export const embedScript = (url: string): string => `
  new Promise((resolve) => {
    const frame = document.createElement('iframe')
    frame.onload = () => resolve('loaded')
    frame.src = ${json(url)}
    document.body.append(frame)
  })`

export const loadScript = (tag: 'img' | 'script', url: string): string => `
  new Promise((resolve) => {
    const element = document.createElement(${json(tag)})
    element.onload = () => resolve('loaded')
    element.onerror = () => resolve('failed')
    element.src = ${json(url)}
    document.body.append(element)
  })`

export const openWindowScript = (url: string): string => `void (window.handle = window.open(${json(url)}))`

/** Of the window that `openWindowScript` opened. */
export const reachIntoWindowScript = `(() => {
  try {
    return 'reached ' + window.handle.localStorage.length + window.handle.document.title
  } catch {
    return 'failed'
  }
})()`

export const setCookieScript = (cookie: string): string => `void (document.cookie = ${json(cookie)})`

function json(value: string): string {
  return JSON.stringify(value)
}
