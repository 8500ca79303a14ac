//  Modules: what is compiled in of IIS's modules, one file each.
//
//      BuiltInModules.definitions ─► [ModuleDefinition]      name, sections, stages, how an instance is made
//      PathConfiguration          ─► …Module                 what the sections say in one directory, ready for requests
//
//  A module's file begins with the section it reads and what it does at which stage. What modules share beside:
//  `FileCache` (small files in memory, one for each worker), `EntityTag`, `Preconditions`, `PercentEncoding`,
//  `BoundedTable`.
//
//      StaticFiles   a file's content as a client asked for it: conditions, ranges, footers, what clients are told to keep
//      Errors        the pages of what went wrong: which one (`ErrorEntry`), where its file lies (`ErrorFile`), its content
//      Redirection   clients sent elsewhere: `httpRedirect`, and the answer that all redirections give
//      Compression   files and responses in the codings that clients take
//      OutputCache   responses that are kept: in the router (`KernelCachePolicy`) and here (`HTTPCacheModule`)
