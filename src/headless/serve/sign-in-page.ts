/** What a browser sees that was not let in: no dead end, and nothing of the dashboard. */
export function signInPage(): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Tandem</title></head>
<body>
<h1>This browser has not been let in</h1>
<p>Open the address that Tandem printed in its terminal last. Each address lets one browser in, once.</p>
</body>
</html>
`
}

signInPage.headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}
