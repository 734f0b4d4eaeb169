/** In the environment of every child program: the process that it must not outlive. */
export const hostPidVariable = 'TANDEM_HOST_PID'
