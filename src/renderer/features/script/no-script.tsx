import { Button, Text, Title } from '@mantine/core'
import { Link } from 'wouter'
import { commandLine } from '../../../shared/run/run-command.js'
import { useDashboard } from '../../state/dashboard.js'
import { CommandToCopy } from './command-to-copy.js'
import styles from './script-screen.module.css'

const command = commandLine(['measure', '--dashboard', '--', 'python', 'train.py'])

/** How a script gets here. */
export function NoScript() {
  const isDesktop = useDashboard(({ app }) => app?.shell === 'desktop')
  return (
    <div className={styles.place}>
      <Title order={1}>Your script</Title>
      <Text>
        Tandem measures your own PyTorch training script, unchanged: does it scale, how sure is that, and why
        not N times?
      </Text>
      <Text>
        {isDesktop && 'Choose it in the menu, under File, Measure a Script. '}
        {isDesktop ? 'With arguments, name' : 'Name'} it in a terminal, in the folder of the script:
      </Text>
      <CommandToCopy command={command} />
      <Text c="dimmed">
        It cannot be typed here, so that nobody who reaches this page can start a command of their own.
      </Text>
      <Button component={Link} href="/" variant="default">
        Back to the benchmark
      </Button>
    </div>
  )
}
