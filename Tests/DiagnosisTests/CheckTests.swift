import Administration
import Events
import HostModel
import Platform
import Testing

@testable import Diagnosis

@Suite struct CheckTests {
    private var healthy: Picture {
        var picture = Picture(configuration: "/etc/hostelry/applicationHost.config", state: "/var/lib/hostelry")
        picture.version = "0.1"
        picture.sites = [Picture.Site(name: "Shop", isPublic: true)]
        picture.bindings = [Picture.Binding(site: "Shop", text: "http/*:80:", port: 80)]
        picture.server = status()
        picture.processes = [Picture.Process(role: "router", pid: 12, openFiles: 524_288)]
        picture.watches = 1_048_576
        picture.watchInstances = 8192
        picture.disks = [
            Picture.Disk(
                folder: "/var/lib/hostelry", space: FileSystemSpace(free: 50 << 30, total: 100 << 30, number: 1))
        ]
        return picture
    }

    private func status(site: String = "started", pool: String = "started", failure: String? = nil) -> ServerStatus {
        ServerStatus(
            process: .init(pid: 10), version: "0.1", state: "running", configuration: "", stateFolder: "",
            router: .init(process: .init(pid: 12), state: "ready"),
            sites: [
                .init(
                    id: 1, name: "Shop", state: site, reasons: [],
                    bindings: [.init(protocol: "http", information: "*:80:", endpoint: nil, failure: failure)])
            ],
            pools: [.init(name: "Main", state: pool, identity: "", reasons: [], workers: [])])
    }

    private func findings(_ change: (inout Picture) -> Void) -> [Finding] {
        var picture = healthy
        change(&picture)
        return Check.findings(in: picture)
    }

    @Test func aHealthyServerHasNothing() {
        #expect(findings { _ in } == [])
        #expect(DiagnosisReport(healthy).exitStatus == 0)
        #expect(DiagnosisReport(healthy).text(isColoured: false) == "Nothing is wrong.\n")
    }

    @Test func checksHaveNamesOfTheirOwn() {
        let names = Check.all.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func aTakenPortNamesWhoHasIt() {
        let socket = ObservedListener(address: nil, isV6: true, port: 80, user: 0, inode: 7)
        let withServer = findings {
            $0.server = status(failure: "Address already in use")
            $0.listeners = [Picture.Listener(socket: socket, pid: 99, name: "nginx", service: "nginx.service")]
        }
        #expect(withServer.map(\.check) == ["port-taken"])
        #expect(withServer[0].text.contains("nginx (process 99, nginx.service)"))
        #expect(withServer[0].commands == ["systemctl disable --now nginx.service", "hostelry reload"])
        let without = findings {
            $0.server = nil
            $0.listeners = [Picture.Listener(socket: socket, pid: 99, name: "python3")]
        }
        #expect(without.map(\.check) == ["port-taken", "server-not-running"])
        #expect(without[0].commands == ["kill 99"])
    }

    @Test func anotherAddressTakesNothing() {
        var picture = healthy
        let socket = ObservedListener(address: InternetAddress("127.0.0.1"), isV6: false, port: 80, user: 0, inode: 7)
        picture.listeners = [Picture.Listener(socket: socket)]
        func isTaken(_ address: String?) -> Bool {
            let own = address.flatMap { InternetAddress($0) }
            return Check.holder(
                of: Picture.Binding(site: "Shop", text: "", address: own, port: 80), picture) != nil
        }
        #expect(isTaken(nil))
        #expect(isTaken("127.0.0.1"))
        #expect(!isTaken("10.0.0.1"))
        #expect(!isTaken("::1"))
    }

    @Test func lowPortsAreRoots() {
        let found = findings {
            $0.server = nil
            $0.caller = 1000
            $0.mayHaveAllPorts = false
        }
        #expect(found.map(\.check) == ["port-forbidden", "server-not-running"])
        #expect(found[0].commands == ["sudo sysctl -w net.ipv4.ip_unprivileged_port_start=80"])
    }

    @Test func foldersNameTheCommand() {
        func content(_ state: Picture.Content.State) -> [Finding] {
            findings {
                $0.content = [
                    Picture.Content(
                        application: "Shop/", pool: "Main", user: 2_100_000_001, path: "/srv/a b", state: state)
                ]
            }
        }
        #expect(content(.missing)[0].commands == ["mkdir -p '/srv/a b'", "hostelry pool grant Main '/srv/a b' --read"])
        #expect(content(.unreadable)[0].commands == ["hostelry pool grant Main '/srv/a b' --read"])
        #expect(content(.refused(at: "/srv"))[0].commands == ["setfacl -m u:2100000001:x /srv"])
        #expect(content(.silent).map(\.check) == ["folder-silent"])
    }

    @Test func nothingIsMadeWhereOthersCanLeadItElsewhere() {
        let found = findings {
            $0.content = [
                Picture.Content(
                    application: "Shop/", pool: "Main", user: 2_100_000_001, path: "/home/bob/www", state: .missing,
                    isAmongOthers: true)
            ]
        }
        #expect(found.map(\.check) == ["folder-missing"])
        #expect(found[0].commands == [])
    }

    @Test func filesOfSitesAreEditedByWhereTheyAreServed() {
        func commands(_ file: String) -> [String] {
            findings {
                $0.stateOption = " --state /tmp/s"
                $0.configurationOption = " --config /tmp/c"
                $0.siteFolders = [
                    Picture.SiteFolder(name: "Shop", path: "/srv/shop"),
                    Picture.SiteFolder(name: "Shop/an api", path: "/srv/shop/api"),
                ]
                $0.problems = [Problem(.error, file: file, line: 7, "It is wrong.")]
            }[0].commands
        }
        #expect(commands("/srv/shop/web.config") == ["hostelry edit Shop --config /tmp/c --state /tmp/s"])
        #expect(commands("/srv/shop/a/b/Web.config") == ["hostelry edit Shop/a/b --config /tmp/c --state /tmp/s"])
        #expect(commands("/srv/shop/api/web.config") == ["hostelry edit 'Shop/an api' --config /tmp/c --state /tmp/s"])
        #expect(commands("/srv/shop/other.config") == [])
        #expect(
            commands("/etc/hostelry/applicationHost.config") == ["hostelry edit --config /tmp/c --state /tmp/s"])
        #expect(commands("/etc/hostelry/schema.xml") == ["${EDITOR:-vi} +7 /etc/hostelry/schema.xml"])
    }

    @Test func anotherInstanceIsNamedInEveryCommand() {
        let found = findings {
            $0.stateOption = " --state /tmp/s"
            $0.configurationOption = " --config /tmp/c"
            $0.server = status(site: "stopped", pool: "offline")
        }
        #expect(found.map(\.check) == ["pool-not-started", "site-not-served"])
        #expect(found[0].commands.last == "hostelry pool start Main --state /tmp/s")
        #expect(found[1].commands == ["hostelry site start Shop --state /tmp/s"])
    }

    @Test func aSiteThatIsMeantToBeStoppedIsNoFault() {
        let found = findings {
            $0.server = status(site: "stopped")
            $0.sites[0].startsByItself = false
        }
        #expect(found == [])
    }

    @Test func crashesAreCountedByPool() {
        let crash = Event(.workerCrashed, EventObject.pool("Main"), "Its worker was ended by signal 11.")
        let log = EventFormat.json.line(crash, time: "2026-11-28T10:00:00.000Z", sequence: 5)
        let record = EventRecord(line: Array(log.utf8))
        let found = findings { $0.events = [record, record].compactMap(\.self) }
        #expect(found.map(\.check) == ["pool-crashes"])
        #expect(found[0].object == "pool \"Main\"")
        #expect(found[0].text.contains("2 times"))
    }

    @Test func whatWebConfigSaysIsChangedThere() {
        func setting(_ kind: Picture.Setting.Kind, delegated: Bool) -> Finding? {
            findings {
                $0.settings = [
                    Picture.Setting(
                        kind, site: "Shop", path: "Shop/api", file: "/srv/web.config", line: 9, isDelegated: delegated)
                ]
            }.first
        }
        #expect(
            setting(.processes(4), delegated: true)?.commands == [
                "hostelry appcmd set config Shop/api /section:system.webServer/aspNetCore /processesPerApplication:1"
            ])
        #expect(
            setting(.processes(4), delegated: false)?.commands
                == ["hostelry config set Shop/api system.webServer/aspNetCore processesPerApplication=1 --yes"])
        #expect(setting(.processes(4), delegated: true)?.check == "several-processes")
        #expect(setting(.development, delegated: true)?.check == "development-environment")
        #expect(setting(.detailedErrors, delegated: false)?.check == "detailed-errors")
        #expect(setting(.debugFile, delegated: true)?.check == "debug-log")
    }

    @Test func limitsAreComparedWithWhatIsNeeded() {
        let found = findings {
            $0.processes[0].openFiles = 1024
            $0.watches = 8192
            $0.folderCount = 10_000
            $0.group = Picture.Group(service: "hostelry.service", memory: (used: 95, limit: 100))
        }
        #expect(found.map(\.check) == ["open-files", "watches", "control-group"])
        #expect(found[0].commands.first == "prlimit --pid 12 --nofile=524288:524288")
        #expect(found[1].commands == ["sysctl -w fs.inotify.max_user_watches=1048576"])
        #expect(found[2].commands == ["systemctl set-property hostelry.service MemoryMax=infinity"])
    }

    @Test func disksAndLogsAreMeasured() {
        let found = findings {
            $0.disks = [Picture.Disk(folder: "/srv", space: FileSystemSpace(free: 1 << 20, total: 1 << 40, number: 2))]
            $0.logs = [
                Picture.Log(site: "Shop", folder: "/srv/W3SVC1", size: 11 << 30, count: 400, neverRollsOver: true)
            ]
        }
        #expect(found.map(\.check) == ["disk-full", "logs-growing", "log-without-end"])
        #expect(found[1].commands == ["find /srv/W3SVC1 -maxdepth 1 -name 'u_ex*.log' -mtime +30 -delete"])
        #expect(found[2].commands == ["hostelry site set Shop logFile.period=Daily"])
    }

    @Test func ownFilesAreTheServersAlone() {
        let found = findings {
            $0.files = [
                .init(
                    path: "/etc/h", facts: FileFacts(kind: .regular, mode: 0o666, owner: 0, group: 0), isState: false),
                .init(
                    path: "/tmp", facts: FileFacts(kind: .directory, mode: 0o1777, owner: 0, group: 0), isState: false),
            ]
            $0.clearSecrets = ["/etc/h:3"]
        }
        #expect(found.map(\.check) == ["file-writable", "clear-secrets"])
        #expect(found[0].commands == ["chmod go-w /etc/h"])
        #expect(found[1].commands == ["hostelry keys encrypt"])
    }

    @Test func programsAndVersionsAreCompared() {
        let found = findings {
            $0.processes[0].isReplaced = true
            $0.version = "0.2"
        }
        #expect(found.map(\.check) == ["programs-replaced", "server-version"])
        #expect(found.allSatisfy { $0.commands == ["hostelry upgrade"] })
    }

    @Test func mountsOfOtherMachinesAreKnown() {
        let table =
            "a / ext4 rw 0 0\nb /srv/my\\040share nfs4 rw 0 0\nc /f fuse.sshfs rw 0 0\nd /sys/fs/fuse fusectl rw 0 0\n"
        #expect(MountPoints.remote(in: table) == ["/srv/my share", "/f"])
        #expect(MountPoints.holds("/f", "/f/x"))
        #expect(!MountPoints.holds("/f", "/fx"))
    }
}
