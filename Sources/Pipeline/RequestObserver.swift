/// Follows requests through the stages: for tracing, and for `hostelry explain`. Called on the pipeline's thread; without
/// one, a request pays nothing for it but a look whether there is one.
public protocol RequestObserver: AnyObject {
    /// The request has its resolution, and nothing else has happened.
    func began(_ request: RequestContext)
    /// The module is about to be called at the request's stage. An answer stands for the module's, which is not called.
    func answer(for module: String, _ request: RequestContext) -> NotificationStatus?
    /// The module has answered.
    func called(_ module: String, _ status: NotificationStatus, _ request: RequestContext)
    /// All of the answer is sent, or the client is gone.
    func ended(_ request: RequestContext)
}

extension RequestObserver {
    public func began(_ request: RequestContext) {}
    public func answer(for module: String, _ request: RequestContext) -> NotificationStatus? { nil }
}

extension RequestPipeline {
    /// Has a module handle the request's stage.
    func call(_ module: any Module, _ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        guard let observer else { return module.handle(stage, request) }
        let name = runningModule(request)
        let status = observer.answer(for: name, request) ?? module.handle(stage, request)
        observer.called(name, status, request)
        return status
    }
}
