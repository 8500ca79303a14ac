public import HostModel
public import Wire

extension ModuleNotice {
    /// What the event log is told of an application that its pool refuses: the reason, and that it did not start.
    public static func refused(
        _ refusal: HostingRules.Refusal, _ application: HostedApplication, _ place: ApplicationPlace
    ) -> [ModuleNotice] {
        let id = place.applicationID
        let (number, message): (UInt16, String) =
            switch refusal {
            case .sharedPool:
                (
                    1008,
                    "Only one in-process application is allowed per IIS application pool. Please assign the application "
                        + "'\(id)' to a different IIS application pool."
                )
            case .mixedHostingModels:
                (
                    1009,
                    "Mixed hosting model is not supported. Application '\(id)' configured with different hostingModel "
                        + "value '\(application.hosting == .inProcess ? 1 : 2)' other than the one of running "
                        + "application(s)."
                )
            case .wrongArchitecture, .wrongRuntime: (1027, "Application '\(id)' was refused. \(refusal.text)")
            }
        return [
            ModuleNotice(number, .error, message, site: place.siteName, application: place.path),
            notStarted(place),
        ]
    }

    /// What follows the reason wherever an application is not started at all.
    ///
    /// - Parameter code: Windows' number of the error; `E_FAIL` where no other fits.
    public static func notStarted(_ place: ApplicationPlace, code: UInt32 = 0x8000_4005) -> ModuleNotice {
        ModuleNotice(
            1010, .error,
            "Failed to start application '\(place.applicationID)', ErrorCode '0x\(String(code, radix: 16))'.",
            site: place.siteName, application: place.path)
    }

    /// `hostingModel="inprocess"`, which the SDK writes: the rules of that model hold, and the program is one of its own.
    public static func runsOutOfProcess(_ place: ApplicationPlace) -> ModuleNotice {
        ModuleNotice(
            1025, .information,
            "Application '\(place.applicationID)' asks for hostingModel=\"inprocess\". Programs are not loaded into worker "
                + "processes yet: it runs out of process, behind the worker, and shares its pool with no other of "
                + "ASP.NET Core.",
            site: place.siteName, application: place.path)
    }

    /// With another `hostingModel` begins another worker.
    public static func changesHostingModel(_ place: ApplicationPlace) -> ModuleNotice {
        ModuleNotice(
            1021, .information,
            "Application '\(place.applicationID)' was recycled due to configuration change: it has another hostingModel. "
                + "The worker process is replaced.",
            site: place.siteName, application: place.path)
    }

    /// The kernel does not tell what happens in the folder. ANCM starts no such application; here requests find out.
    public static func isUnwatched(_ place: ApplicationPlace) -> ModuleNotice {
        ModuleNotice(
            1024, .warning,
            "Could not monitor '\(place.folder)/' for app_offline.htm and changes of web.config: no more folders may be "
                + "watched (fs.inotify.max_user_watches, max_user_instances), or it lies on another machine. Application "
                + "'\(place.applicationID)' looks at them with requests instead.",
            site: place.siteName, application: place.path)
    }
}
