/*
 * uPlot makes a number format of the browser's language when it is loaded. A Chromium that was started with the
 * locale "C", as on servers, calls its language `en-US@posix`, which no number format takes. Import this before uPlot.
 */
try {
  new Intl.NumberFormat(navigator.language)
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' })
}
