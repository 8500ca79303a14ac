//  Programs: what a section's `processPath` and `arguments` come to on this machine, Windows' shapes of them included. Nothing is
//  run; everything waits for the disk. A worker starts what is found here, and `check` tells beforehand what is not.
//
//      processPath, arguments, variables ─► ProgramCommand     expanded, or what an administrator put in their place
//      ProgramCommand + a folder ─► ProgramFinder ─► FoundProgram, or a LaunchFailure in words
//
//  `ConfiguredPath` and `CasedFile` read paths as Windows does, `SearchPath` finds the system's programs, `RuntimeFinder` the
//  .NET and whether an application can run on it, `Executable` tells what can be run at all.
