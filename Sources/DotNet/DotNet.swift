//  DotNet: published .NET applications and installed .NET runtimes, as their files tell. Nothing is ever run.
//
//      a folder ─► PublishedApplication      its program, its target, the framework that it wants
//      an environment ─► DotNetInstallation  where `dotnet` is, which hosts and frameworks lie beside it
//      both ─► FrameworkResolution           whether it can run here, and what is missing in words
