/// The ASP.NET Core Module's events: its own numbers, which mean other things than the server's.
extension EventKind {
    /// 1000 to 1036. The module tells some of its numbers with several levels.
    public static func aspNetCoreModule(_ number: UInt16, _ level: EventLevel) -> EventKind {
        EventKind(UInt32(number), level, aspNetCoreModuleNames[number] ?? "module-event", source: .aspNetCoreModule)
    }

    private static let aspNetCoreModuleNames: [UInt16: String] = [
        1000: "backend-start-attempt-failed",
        1001: "backend-listening",
        1003: "backend-rapid-fails-exceeded",
        1004: "stdout-log-not-opened",
        1005: "backend-shutdown-failed",
        1006: "backend-shutdown-asked",
        1007: "application-load-failed",
        1008: "second-in-process-application",
        1009: "hosting-models-mixed",
        1010: "application-start-failed",
        1011: "application-exited",
        1012: "application-recycled",
        1013: "module-disabled",
        1018: "application-exception",
        1020: "backend-start-failed",
        1021: "application-recycled-for-configuration",
        1022: "application-recycling-failed",
        1024: "app-offline-not-watched",
        1025: "module-information",
        1026: "module-warning",
        1027: "module-error",
        1028: "in-process-handler-missing",
        1029: "out-of-process-handler-missing",
        1030: "backend-exited",
        1031: "application-not-resolved",
        1032: "application-started",
        1033: "application-stopped",
        1034: "application-configuration-invalid",
        1035: "application-exited-with-output",
        1036: "module-debug",
    ]
}
