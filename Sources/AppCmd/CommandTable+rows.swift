internal import Configuration

extension CommandTable {
    private static let filters = ParameterRow("/NAME:VALUE", "Lists those whose attribute has the value.")
    private static let values = ParameterRow(
        "/PATH:VALUE", "Sets an attribute; elements on the way to it are separated by dots.")
    private static let items = ParameterRow(
        "/+PATH.[KEY='VALUE',...] or /-PATH.[KEY='VALUE',...]", "Adds an item to a collection, or removes it.")
    private static let section = ParameterRow("/section:NAME", "The section, by its path or its short name.")
    private static let commit = ParameterRow(
        "/commit:TARGET",
        "Whose file is written: site, app, parent, url, apphost, or a configuration path. Default: that of the path.")

    static let objects: [ObjectRow] = [
        ObjectRow(
            kind: .site, summary: "Administration of virtual sites", identifier: "name or URL",
            verbs: [
                VerbRow(
                    .list, "List virtual sites", parameters: [filters],
                    examples: ["list sites", "list site /state:Stopped", "list site http://www.example.com/"],
                    perform: { session throws(Failure) in try session.list() }),
                VerbRow(
                    .set, "Configure virtual site", parameters: [values, items],
                    examples: [
                        "set site \"Blog\" /serverAutoStart:false",
                        "set site /site.name:\"Blog\" /+bindings.[protocol='http',bindingInformation='*:8080:']",
                    ], perform: { session throws(Failure) in try session.setObjects() }),
                VerbRow(
                    .add, "Add new virtual site", takesIdentifier: false,
                    parameters: [
                        ParameterRow("/name:NAME", "The name of the site."),
                        ParameterRow("/id:NUMBER", "Its number. Default: the next one."),
                        ParameterRow("/bindings:PROTOCOL/BINDING,...", "Its bindings, for example http/*:81:."),
                        ParameterRow("/physicalPath:PATH", "The folder of its root application, which is added too."),
                        values,
                    ], examples: ["add site /name:Blog /bindings:http/*:81: /physicalPath:/srv/blog"],
                    perform: { session throws(Failure) in try session.addObjects() }),
                VerbRow(
                    .delete, "Delete virtual site", examples: ["delete site \"Blog\""],
                    perform: { session throws(Failure) in try session.deleteObjects() }),
                VerbRow(
                    .start, "Start virtual site", examples: ["start site \"Blog\""],
                    perform: { session throws(Failure) in try session.order() }),
                VerbRow(
                    .stop, "Stop virtual site", examples: ["stop site \"Blog\""],
                    perform: { session throws(Failure) in try session.order() }),
            ]),
        ObjectRow(
            kind: .app, summary: "Administration of applications", identifier: "Site/path or URL",
            verbs: [
                VerbRow(
                    .list, "List applications", parameters: [filters],
                    examples: ["list app /site.name:\"Blog\"", "list apps /apppool.name:Main"],
                    perform: { session throws(Failure) in try session.list() }),
                VerbRow(
                    .set, "Configure application", parameters: [values, items],
                    examples: ["set app \"Blog/shop\" /applicationPool:Shop"],
                    perform: { session throws(Failure) in try session.setObjects() }),
                VerbRow(
                    .add, "Add new application", takesIdentifier: false,
                    parameters: [
                        ParameterRow("/site.name:NAME", "The site that it is added to."),
                        ParameterRow("/path:PATH", "Its URL path in the site, for example /shop."),
                        ParameterRow("/physicalPath:PATH", "The folder of its root, which is added too."), values,
                    ], examples: ["add app /site.name:\"Blog\" /path:/shop /physicalPath:/srv/shop"],
                    perform: { session throws(Failure) in try session.addObjects() }),
                VerbRow(
                    .delete, "Delete application", examples: ["delete app \"Blog/shop\""],
                    perform: { session throws(Failure) in try session.deleteObjects() }),
            ]),
        ObjectRow(
            kind: .vdir, summary: "Administration of virtual directories", identifier: "Site/app/path or URL",
            verbs: [
                VerbRow(
                    .list, "List virtual directories", parameters: [filters],
                    examples: ["list vdir \"Blog/\" /text:physicalPath"],
                    perform: { session throws(Failure) in try session.list() }),
                VerbRow(
                    .set, "Configure virtual directory", parameters: [values],
                    examples: ["set vdir \"Blog/\" /physicalPath:/srv/blog"],
                    perform: { session throws(Failure) in try session.setObjects() }),
                VerbRow(
                    .add, "Add new virtual directory", takesIdentifier: false,
                    parameters: [
                        ParameterRow("/app.name:NAME", "The application that it is added to, for example Blog/."),
                        ParameterRow("/path:PATH", "Its URL path in the application, for example /images."),
                        ParameterRow("/physicalPath:PATH", "Its folder."), values,
                    ], examples: ["add vdir /app.name:\"Blog/\" /path:/images /physicalPath:/srv/images"],
                    perform: { session throws(Failure) in try session.addObjects() }),
                VerbRow(
                    .delete, "Delete virtual directory", examples: ["delete vdir \"Blog/images\""],
                    perform: { session throws(Failure) in try session.deleteObjects() }),
            ]),
        ObjectRow(
            kind: .pool, summary: "Administration of application pools", identifier: "name",
            verbs: [
                VerbRow(
                    .list, "List application pools", parameters: [filters],
                    examples: ["list apppool /state:Stopped /xml", "list apppool Main /text:*"],
                    perform: { session throws(Failure) in try session.list() }),
                VerbRow(
                    .set, "Configure application pool", parameters: [values, items],
                    examples: ["set apppool /apppool.name:Main /processModel.idleTimeout:0.00:00:00"],
                    perform: { session throws(Failure) in try session.setObjects() }),
                VerbRow(
                    .add, "Add new application pool", takesIdentifier: false,
                    parameters: [ParameterRow("/name:NAME", "The name of the pool."), values],
                    examples: ["add apppool /name:Main /managedRuntimeVersion:"],
                    perform: { session throws(Failure) in try session.addObjects() }),
                VerbRow(
                    .delete, "Delete application pool", examples: ["delete apppool Main"],
                    perform: { session throws(Failure) in try session.deleteObjects() }),
                VerbRow(
                    .start, "Start application pool", parameters: waiting, examples: ["start apppool Main /wait:true"],
                    perform: { session throws(Failure) in try session.order() }),
                VerbRow(
                    .stop, "Stop application pool", parameters: waiting, examples: ["stop apppool Main"],
                    perform: { session throws(Failure) in try session.order() }),
                VerbRow(
                    .recycle, "Recycle application pool", examples: ["recycle apppool Main"],
                    perform: { session throws(Failure) in try session.order() }),
            ]),
        ObjectRow(
            kind: .config, summary: "Administration of general configuration sections",
            identifier: "configuration path or URL",
            verbs: [
                VerbRow(
                    .list, "List configuration sections",
                    parameters: [
                        section, ParameterRow("/section:?", "Lists the sections; /section:?PATTERN those it matches."),
                        ParameterRow("/config:*", "Shows inherited and default values too."),
                    ], examples: ["list config \"Blog\" /section:defaultDocument", "list config /section:?"],
                    perform: { session throws(Failure) in try session.listConfiguration() }),
                VerbRow(
                    .set, "Set configuration section", parameters: [section, values, items, commit],
                    examples: [
                        "set config /section:applicationPools /[name='Main'].queueLength:2000",
                        "set config \"Blog\" /section:defaultDocument /+files.[@start,value='home.html']",
                    ], perform: { session throws(Failure) in try session.setConfiguration() }),
                VerbRow(
                    .search, "Search for configuration",
                    parameters: [section, ParameterRow("/NAME[:VALUE]", "Where the attribute is set, to the value.")],
                    examples: ["search config \"Blog\" /section:handlers"],
                    perform: { session throws(Failure) in try session.searchConfiguration() }),
                VerbRow(
                    .lock, "Lock a configuration section", parameters: [section, commit],
                    examples: ["lock config /section:handlers"],
                    perform: { session throws(Failure) in try session.setMode(.deny) }),
                VerbRow(
                    .unlock, "Unlock a configuration section", parameters: [section, commit],
                    examples: ["unlock config /section:system.webServer/handlers"],
                    perform: { session throws(Failure) in try session.setMode(.allow) }),
                VerbRow(
                    .clear, "Clear configuration section",
                    parameters: [
                        section, ParameterRow("/PATH", "An attribute, element or item in place of the whole section."),
                        ParameterRow("/delete", "Takes the section's empty element away too."), commit,
                    ], examples: ["clear config \"Blog\" /section:defaultDocument"],
                    perform: { session throws(Failure) in try session.clearConfiguration() }),
                VerbRow(
                    .reset, "Reset configuration section to what a new server has", parameters: [section],
                    examples: ["reset config /section:listenerAdapters"],
                    perform: { session throws(Failure) in try session.resetConfiguration() }),
                VerbRow(
                    .migrate, "Migrate configuration of ASP.NET to integrated mode",
                    examples: ["migrate config \"Blog/\""],
                    perform: { session throws(Failure) in try session.migrateConfiguration() }),
            ]),
        ObjectRow(
            kind: .wp, summary: "Administration of worker processes", identifier: "process id",
            verbs: [
                VerbRow(
                    .list, "List worker processes", parameters: [filters], examples: ["list wp /apppool.name:Main"],
                    perform: { session throws(Failure) in try session.list() })
            ]),
        ObjectRow(
            kind: .request, summary: "Administration of HTTP requests", identifier: "request id",
            verbs: [
                VerbRow(
                    .list, "List executing HTTP requests",
                    parameters: [
                        ParameterRow("/elapsed:MILLISECONDS", "Lists those that have been executing at least as long."),
                        ParameterRow("/site.name: /apppool.name: /wp.name: /url:", "Lists those of an object."),
                    ], examples: ["list requests /elapsed:1000"],
                    perform: { session throws(Failure) in try session.list() })
            ]),
        ObjectRow(
            kind: .module, summary: "Administration of server modules", identifier: "name",
            verbs: [
                VerbRow(
                    .list, "List modules",
                    parameters: [ParameterRow("/app.name:NAME", "Those of an application. Default: the server's.")],
                    examples: ["list modules", "list module /app.name:\"Blog/\""],
                    perform: { session throws(Failure) in try session.list() }),
                VerbRow(
                    .set, "Configure module", parameters: [values], examples: ["set module Session /preCondition:"],
                    perform: { session throws(Failure) in try session.setModule() }),
                VerbRow(
                    .add, "Enable or add a module", takesIdentifier: false,
                    parameters: [
                        ParameterRow("/name:NAME", "The name of the module."),
                        ParameterRow("/type:TYPE", "The type of a managed one."),
                        ParameterRow("/preCondition:LIST", "When it is loaded."),
                        ParameterRow("/app.name:NAME", "The application. Default: the server."),
                    ], examples: ["add module /name:Gate /type:Example.Gate"],
                    perform: { session throws(Failure) in try session.addModule() }),
                VerbRow(
                    .delete, "Disable a module",
                    parameters: [ParameterRow("/app.name:NAME", "The application. Default: the server.")],
                    examples: ["delete module Gate"],
                    perform: { session throws(Failure) in try session.deleteModule() }),
                VerbRow(
                    .install, "Install a native module", takesIdentifier: false,
                    parameters: [
                        ParameterRow("/name:NAME", "The name of the module."),
                        ParameterRow("/image:FILE", "Its library."),
                        ParameterRow("/preCondition:LIST", "When it is loaded."),
                        ParameterRow("/add:true|false", "Whether it is enabled too. Default: true."),
                        ParameterRow("/lock:true|false", "Whether the enabled one is locked. Default: false."),
                    ], examples: ["install module /name:Gate /image:/usr/lib/gate.so"],
                    perform: { session throws(Failure) in try session.installModule() }),
                VerbRow(
                    .uninstall, "Uninstall a native module",
                    parameters: [ParameterRow("/remove:true|false", "Whether it is disabled too. Default: true.")],
                    examples: ["uninstall module Gate"],
                    perform: { session throws(Failure) in try session.uninstallModule() }),
            ]),
        ObjectRow(
            kind: .backup, summary: "Administration of server configuration backups", identifier: "name",
            verbs: [
                VerbRow(
                    .list, "List existing configuration backups", examples: ["list backup"],
                    perform: { session throws(Failure) in try session.list() }),
                VerbRow(
                    .add, "Add a new configuration backup", examples: ["add backup", "add backup \"before\""],
                    perform: { session throws(Failure) in try session.addBackup() }),
                VerbRow(
                    .delete, "Delete existing configuration backups", examples: ["delete backup \"before\""],
                    perform: { session throws(Failure) in try session.deleteBackup() }),
                VerbRow(
                    .restore, "Restore existing configuration backups",
                    parameters: [
                        ParameterRow(
                            "/stop:true|false",
                            "Accepted for IIS's sake: the server takes the files over while it runs.")
                    ], examples: ["restore backup \"before\""],
                    perform: { session throws(Failure) in try session.restoreBackup() }),
            ]),
        ObjectRow(
            kind: .trace, summary: "Working with failed request trace logs", identifier: "Site/file",
            verbs: [
                VerbRow(
                    .list, "List failed request logs", parameters: [filters],
                    perform: { session throws(Failure) in throw .notImplemented }),
                VerbRow(
                    .configure, "Configure failed request tracing",
                    perform: { session throws(Failure) in throw .notImplemented }),
                VerbRow(
                    .inspect, "Display trace events",
                    perform: { session throws(Failure) in throw .notImplemented }),
            ]),
        ObjectRow(
            kind: .binding, summary: "Object for working with SSL bindings", identifier: "binding",
            verbs: [
                VerbRow(
                    .list, "List SSL bindings", parameters: [filters], examples: ["list binding /site.name:\"Blog\""],
                    perform: { session throws(Failure) in try session.list() })
            ]),
    ]

    private static let waiting = [
        ParameterRow("/wait:true", "Waits until it is so."),
        ParameterRow("/timeout:MILLISECONDS", "How long. Default: 60000."),
    ]
}
