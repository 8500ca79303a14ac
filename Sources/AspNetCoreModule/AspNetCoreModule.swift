//  AspNetCoreModule: applications that are programs of their own, behind the worker (IIS's ASP.NET Core Module and HTTP
//  Platform Handler).
//
//      web.config ─► BackendSettings                        what `aspNetCore` or `httpPlatform` says, typed and checked
//      BackendSettings + ApplicationPlace ─► LaunchPlan     the program, its arguments, its environment
//      LaunchPlan ─► BackendProcess ─► Backend              started, listening, watched, ended (`BackendSupervisor`)
//      RequestContext + Backend ─► ProxyExchange            one request through a kept connection to the backend
//
//  `ApplicationManager` has one `HostedProgram` for each application that was asked for, however many configurations
//  come and go; a `HostedProgram` is in one of the states of `ProgramState` and owns the supervisor of its processes.
//  The module itself is thin: it finds the application and lets it answer.
//
//  Folders: `Settings` (sections), `Launch` (plans), `Backends` (processes), `Output` (what processes print), `Proxy`
//  (connections and exchanges), `Applications` (states, app_offline.htm, changes), `Pages` (what visitors see of errors).
//
//  Everything lives on the worker's event loop; what may wait for a disk goes through `ModuleServices.perform`.

public import EventLoop
public import Pipeline
public import Wire

/// What the module has of its worker.
public protocol ModuleHost: AnyObject {
    var loop: EventLoop { get }
    var services: any ModuleServices { get }
    /// The worker's own variables: the pool's scrubbed environment.
    var environment: [(name: String, value: String)] { get }
    /// Tells something for the event log, in the module's own numbers and words.
    func tell(_ event: ModuleNotice)
    /// Asks for another worker in this one's place, which goes on until that one serves.
    func recycle()
}
