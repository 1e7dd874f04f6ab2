/** The unit by which systemd runs the router: as a user of no other use, shut off from all that a router does not need. */

/** What the unit is called. */
export const UNIT = "mellamo.service";

/** Where the unit finds its configuration, and the variables that the configuration takes its secrets from. */
export const CONFIG_FILE = "/etc/mellamo/config.toml";
export const ENVIRONMENT_FILE = "/etc/mellamo/environment";

export interface UnitTerms {
  /** The path of the executable: outside of home folders, without blanks and "%". */
  readonly program: string;
  /** The path of the configuration file, as plain as that. */
  readonly config?: string;
}

/**
 * The text of the unit, for systemd 240 and later: older ones pass over what they do not know, with a warning. There is
 * no `MemoryDenyWriteExecute=`, which would forbid the JIT of the runtime, and no `Type=notify-reload`, which systemd has
 * since 253 only. A reload is refused where the file has mistakes, which the journal then tells.
 */
export function unitText({ program, config = CONFIG_FILE }: UnitTerms): string {
  return `# Settings of your own belong beside this file, where they outlive it: systemctl edit mellamo
[Unit]
Description=mellamo: one name for every model
Wants=network-online.target
After=network-online.target

[Service]
Type=notify
NotifyAccess=main
WatchdogSec=60s
# who hangs can tell nothing more
WatchdogSignal=SIGKILL
ExecStart=${program} serve --config ${config}
ExecReload=${program} check --config ${config}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2s
# more where [server] drain is longer: the router asks for it
TimeoutStopSec=45s
# variables for \${NAME} in the configuration: only root can read the file
EnvironmentFile=-${ENVIRONMENT_FILE}

# the aliases that are made while it runs: /var/lib/mellamo
StateDirectory=mellamo
StateDirectoryMode=0700
# for listen = "unix:/run/mellamo/…": who may connect there is up to UMask
RuntimeDirectory=mellamo
UMask=0077
# two for each of the requests that may run at a time
LimitNOFILE=262144
# a dump would hold what people say to their models
LimitCORE=0

DynamicUser=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
PrivateUsers=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
ProcSubset=pid
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
KeyringMode=private
LockPersonality=yes
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}
