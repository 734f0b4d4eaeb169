#!/bin/bash
# ssh.sh NODE0 NODE1 [flags of `tandem run`]: from NODE0, where the results are kept. NODE1 needs the same clone in the same
# folder, and a secret in the same file: `npm run tandem -- agent secret ~/.tandem-secret`, then copy it with scp.
set -euo pipefail

node0=$1
node1=$2
shift 2
place=(--nnodes 2 --rdzv-endpoint "$node0:29400" --rdzv-secret-file "$HOME/.tandem-secret")

# -tt: the agent ends with this terminal's connection, whatever becomes of it.
ssh -tt "$node1" "cd $(printf %q "$PWD") && npm run --silent tandem -- agent --node-rank 1 $(printf '%q ' "${place[@]}")" < /dev/null &
npm run --silent tandem -- run --node-rank 0 "${place[@]}" "$@"
wait
