//  Pipeline: one request through IIS's integrated pipeline.
//
//      site id, cooked path ─► PathResolver ─► Resolution      application, virtual directory, physical path, settings
//      PathConfiguration    ─► PathSettings                    compiled once per directory: modules, handlers, headers
//      Resolution           ─► RequestPipeline.run             stage by stage through `ModuleList`
//      Refusal, ConfigurationError ─► ErrorPage                what the client reads instead
//
//  A `Module` is made for one directory's settings by its `ModuleDefinition`, subscribes to stages and answers
//  *continue*, *pending* or *finish request*. `HandlerMapping` chooses the handler; the handler's own modules run at
//  ExecuteRequestHandler. `RequestContext` is the request on its way: head, response, position. What leaves goes to a
//  `ResponseSink`, which knows how much the client takes.
//
//  A response that follows from its URL, a file and the configuration alone is marked for the router's cache
//  (`RequestPipeline+caching`), as long as the worker's `CacheKeeper` can watch both.
//
//  Nothing waits here and nothing hops: a request runs on its event loop's thread until a module says *pending*.
