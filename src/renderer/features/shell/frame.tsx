import { ActionIcon, Group, Kbd, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconCommand, IconKeyboard, IconMoon, IconSun } from '@tabler/icons-react'
import { type CSSProperties, type ReactNode, useCallback, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { screens } from '../../../shared/screens.js'
import { Palette } from '../palette/palette.js'
import { ConnectionNotice } from './connection-notice.js'
import { DropNotice } from './drop-notice.js'
import { EndBar } from './end-bar.js'
import { EngineBadge } from './engine-badge.js'
import styles from './frame.module.css'
import { RunBar } from './run-bar.js'
import { ShortcutsDialog } from './shortcuts-dialog.js'
import { useOpenedFiles } from './use-opened-files.js'
import { useShortcuts } from './use-shortcuts.js'

/** What surrounds every screen but the one for the projector: where one is, what runs, and the engine. */
export function Frame({ children }: { children: ReactNode }) {
  const [location, navigate] = useLocation()
  const [showsShortcuts, setShowsShortcuts] = useState(false)
  const [showsPalette, setShowsPalette] = useState(false)
  const showShortcuts = (): void => setShowsShortcuts(true)
  // What stays in sight below it keeps clear of it, with and without the bar of a run.
  const top = useElementSize<HTMLDivElement>()
  useShortcuts({ navigate, showShortcuts, showPalette: () => setShowsPalette(true) })

  const files = useOpenedFiles(useCallback((runId) => navigate(`/results/${runId}`), [navigate]))

  return (
    <div
      className={styles.frame}
      style={{ '--top-height': `${top.height}px` } as CSSProperties}
      {...files.handlers}
    >
      <button type="button" className={styles.skip} onClick={skipToContent}>
        Skip to the content
      </button>
      <div className={styles.top} ref={top.ref}>
        <header className={styles.header}>
          <Link href="/" className={styles.brand} aria-label="Tandem, to the benchmark">
            <img src="./tandem.svg" alt="" width="26" height="26" />
            <span className={styles.brandName}>Tandem</span>
          </Link>
          <nav aria-label="Screens" className={styles.nav}>
            {screens.map(({ path, title, key }) => (
              <Link
                key={path}
                href={path}
                className={styles.tab}
                aria-current={isAt(location, path) ? 'page' : undefined}
              >
                {title}
                <Kbd size="xs" className={styles.key} aria-hidden="true">
                  {key.toUpperCase()}
                </Kbd>
              </Link>
            ))}
          </nav>
          <Group gap="xs" wrap="nowrap">
            <EngineBadge />
            <Tooltip label="Command palette (Ctrl or ⌘ K)">
              <ActionIcon variant="subtle" aria-label="Command palette" onClick={() => setShowsPalette(true)}>
                <IconCommand size={18} />
              </ActionIcon>
            </Tooltip>
            <SchemeSwitch />
            <Tooltip label="Keyboard shortcuts (?)">
              <ActionIcon variant="subtle" aria-label="Keyboard shortcuts" onClick={showShortcuts}>
                <IconKeyboard size={18} />
              </ActionIcon>
            </Tooltip>
          </Group>
        </header>
        <ConnectionNotice />
        <RunBar />
        <EndBar />
        <DropNotice isOver={files.isOver} errors={files.errors} onClose={files.dismiss} />
      </div>
      <main id="content" className={styles.main} tabIndex={-1}>
        {children}
      </main>
      <Palette opened={showsPalette} onClose={() => setShowsPalette(false)} showShortcuts={showShortcuts} />
      <ShortcutsDialog opened={showsShortcuts} onClose={() => setShowsShortcuts(false)} />
    </div>
  )
}

function isAt(location: string, path: string): boolean {
  // Runs are chosen for a comparison in the history; a script is another benchmark.
  const place = location.startsWith('/compare') ? '/history' : location === '/script' ? '/' : location
  return path === '/' ? place === '/' : place === path || place.startsWith(`${path}/`)
}

/** A button, since the address after the # is the router's. */
function skipToContent(): void {
  document.getElementById('content')?.focus()
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme()
  const isDark = useComputedColorScheme('light') === 'dark'
  const label = isDark ? 'Light' : 'Dark'
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        aria-label={label}
        onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      >
        {isDark ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  )
}
