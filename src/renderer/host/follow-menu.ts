/** Goes to the screens that the desktop app's menu asks for; the address after the # is the router's. */
export function followMenu({ tandem, location }: Pick<Window, 'tandem' | 'location'> = window): void {
  tandem?.onOpenScreen((path) => {
    location.hash = path
  })
}
