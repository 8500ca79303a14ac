extension ErrorAdvice {
    /// In the order of the codes.
    static let table: [ErrorAdvice] = [
        ErrorAdvice(
            401, 1,
            causes: ["The name is not known here, or the password is another."],
            remedies: ["Check name and password; after several failures an answer takes longer."]),
        ErrorAdvice(
            401, 2,
            causes: [
                "No authentication scheme that this server has is switched on for this URL.",
                "The client sent no credentials, and anonymous access is off or a rule denies it.",
            ],
            remedies: [
                "Look at system.webServer/security/authentication for this URL: at least one scheme must be on.",
                "Look at system.webServer/security/authorization: one rule must allow this user and verb.",
            ]),
        ErrorAdvice(
            401, 3,
            causes: ["The user that the application pool runs as may not read the file, or a folder on the way to it."],
            remedies: [
                "Look at the owner and mode of the physical path below: the pool’s user needs to read the file and to "
                    + "enter each folder above it."
            ]),
        ErrorAdvice(
            403, 4,
            causes: ["system.webServer/security/access demands a secure connection, and the request came over http."],
            remedies: ["Ask with https://, or redirect http:// there.", "Take Ssl out of sslFlags for this URL."]),
        ErrorAdvice(
            403, 10,
            causes: ["enabled is false in system.webServer/serverRuntime for this URL."],
            remedies: ["Set it to true in the file that says so."]),
        ErrorAdvice(
            403, 14,
            causes: [
                "The folder holds none of the default documents of its list, and listings are off.",
                "The application that should answer for the folder is not mapped to it.",
            ],
            remedies: [
                "Put a default document into the folder, or add its name to system.webServer/defaultDocument.",
                "If the content is meant to be listed, set enabled to true in system.webServer/directoryBrowse.",
            ]),
        ErrorAdvice(
            403, nil,
            causes: ["The configuration of this URL does not allow this kind of access."],
            remedies: ["Read the text above: it names the rule. hostelry explain tells which file and line state it."]),
        ErrorAdvice(
            404, 0,
            causes: [
                "The file or folder does not exist at the physical path below.",
                "The name is written in other letters: capital and small ones differ on this system.",
                "The URL is mistyped, or belongs to another site or application.",
            ],
            remedies: [
                "Look at the physical path below; if it is not the one you expect, look at the virtual directories of the "
                    + "site.",
                "If an application makes this page, look whether its handler is mapped to this path.",
            ]),
        ErrorAdvice(
            404, 1,
            causes: ["The site has no application at this path that this pool serves."],
            remedies: ["Look at the site’s bindings and applications."]),
        ErrorAdvice(
            404, 3,
            causes: ["The file’s extension has no MIME type, so the file is not sent as static content."],
            remedies: [
                "If files of this kind are meant to be downloaded, add a mimeMap to system.webServer/staticContent.",
                "If a program should run for them, add its handler to system.webServer/handlers.",
            ]),
        ErrorAdvice(
            404, 4,
            causes: ["No entry of system.webServer/handlers fits this path and verb."],
            remedies: ["Add a handler for them, or restore the stock entries that a <clear/> took away."]),
        ErrorAdvice(
            404, 7,
            causes: ["Request filtering denies this file extension, or lists those that are allowed without it."],
            remedies: [
                "Change fileExtensions in system.webServer/security/requestFiltering if it is meant to be served."
            ]),
        ErrorAdvice(
            404, 8,
            causes: ["A part of the URL is a hidden segment, such as bin or App_Data."],
            remedies: [
                "Move the content to another folder, or change hiddenSegments in "
                    + "system.webServer/security/requestFiltering."
            ]),
        ErrorAdvice(
            404, 11,
            causes: ["The URL is escaped twice, or holds a + in its path."],
            remedies: [
                "Correct the link; or set allowDoubleEscaping in system.webServer/security/requestFiltering, if the "
                    + "application reads such URLs safely."
            ]),
        ErrorAdvice(
            404, 14,
            causes: ["The URL is longer than maxUrl of request filtering."],
            remedies: ["Send long data in the request’s body, or raise maxUrl in requestLimits."]),
        ErrorAdvice(
            404, 15,
            causes: ["The query string is longer than maxQueryString of request filtering."],
            remedies: ["Send long data in the request’s body, or raise maxQueryString in requestLimits."]),
        ErrorAdvice(
            404, 20,
            causes: ["The path has more slashes than maxUrlSegments of the site’s limits."],
            remedies: ["Raise maxUrlSegments in the site’s limits if the application has URLs of this depth."]),
        ErrorAdvice(
            404, nil,
            causes: ["A rule of request filtering denies this request."],
            remedies: [
                "Look at system.webServer/security/requestFiltering for this URL, and whether the rule is meant for it."
            ]),
        ErrorAdvice(
            405, nil,
            causes: [
                "The page is a file, and files are only read: GET and HEAD.",
                "The program that takes this verb is not mapped to this path.",
            ],
            remedies: [
                "Look at the verb that the client sends, and at the Allow field of this answer.",
                "Map a handler that takes the verb in system.webServer/handlers.",
            ]),
        ErrorAdvice(
            412, nil,
            causes: ["The client demanded a state of the page (If-Match, If-Unmodified-Since) that it no longer has."],
            remedies: ["Read the page anew and repeat the change."]),
        ErrorAdvice(
            413, 0,
            causes: ["The request’s content is larger than maxRequestEntityAllowed of system.webServer/serverRuntime."],
            remedies: ["Raise it for this URL if the application takes content of this size."]),
        ErrorAdvice(
            413, nil,
            causes: ["The request’s content is larger than maxAllowedContentLength of request filtering."],
            remedies: [
                "Raise maxAllowedContentLength in requestLimits of system.webServer/security/requestFiltering for this URL."
            ]),
        ErrorAdvice(
            431, nil,
            causes: ["A header is longer than its entry in headerLimits of request filtering."],
            remedies: ["Raise the limit, or let the client send less: cookies are the usual reason."]),
        ErrorAdvice(
            500, 19,
            causes: [
                "A configuration file holds text that is not well formed, or an element or attribute that its section "
                    + "does not have.",
                "A section is locked above and cannot be changed here.",
                "An entry of a collection is there already, from this file or one above.",
                "The worker’s user cannot read the file or its folder.",
            ],
            remedies: [
                "Correct the file at the line below. hostelry check lists every problem of all files at once.",
                "For an entry that is there already, write <remove/> before <add/>.",
                "For a locked section, change the server’s own file, or unlock the section there.",
            ]),
        ErrorAdvice(
            500, 21,
            causes: ["The handler names a module that is not part of this server, or not in <modules>."],
            remedies: [
                "Add the module to system.webServer/globalModules and <modules>.",
                "Map the path to a handler whose modules are there.",
            ]),
        ErrorAdvice(
            500, 22,
            causes: ["The application’s web.config has httpModules in system.web, and its pool is in integrated mode."],
            remedies: [
                "Move the modules to system.webServer/modules, or remove them where the application needs them no longer.",
                "Set managedRuntimeVersion of the pool to \"\" for an application without ASP.NET 2 to 4.",
                "Set validateIntegratedModeConfiguration to false in system.webServer/validation to let them be ignored.",
            ]),
        ErrorAdvice(
            500, 23,
            causes: [
                "The application’s web.config has httpHandlers in system.web, and its pool is in integrated mode."
            ],
            remedies: [
                "Move the handlers to system.webServer/handlers, or remove them where nothing needs them any longer.",
                "Set managedRuntimeVersion of the pool to \"\" for an application without ASP.NET 2 to 4.",
                "Set validateIntegratedModeConfiguration to false in system.webServer/validation to let them be ignored.",
            ]),
        ErrorAdvice(
            500, 24,
            causes: [
                "identity in system.web asks for impersonation, and the application’s pool is in integrated mode."
            ],
            remedies: [
                "Take impersonate away; requests run as the pool’s user.",
                "Set validateIntegratedModeConfiguration to false in system.webServer/validation to let it be ignored.",
            ]),
        ErrorAdvice(
            500, 32,
            causes: [
                "The application, or the dotnet program that was found, is built for another processor than its pool."
            ],
            remedies: [
                "Publish the application for this machine, or as a portable one.",
                "Set enable32BitAppOnWin64 of the pool to false for a 64-bit application.",
            ]),
        ErrorAdvice(
            500, 34,
            causes: ["One application of the pool is in-process and another out-of-process (hostingModel)."],
            remedies: [
                "Give each of them a pool of its own.", "Set the same hostingModel for all applications of the pool.",
            ]),
        ErrorAdvice(
            500, 35,
            causes: ["Two applications of one pool are in-process (hostingModel), and a process holds one of them."],
            remedies: [
                "Give each of them a pool of its own.",
                "Set hostingModel to OutOfProcess for applications that share one.",
            ]),
        ErrorAdvice(
            500, nil,
            causes: ["The application, or a module of the server, failed on this request."],
            remedies: ["Look at the detail below and at the events: hostelry events."]),
        ErrorAdvice(
            501, nil,
            causes: ["The server does not offer this verb."],
            remedies: ["Use GET or HEAD to read a page."]),
        ErrorAdvice(
            502, 5,
            causes: [
                "The application’s process did not start: processPath or arguments lead to nothing that can run here.",
                "The process started and ended at once.",
                "The process did not listen at the port that it was told within startupTimeLimit.",
                "The version of .NET, or of one of its frameworks, that the application was published for is not installed.",
            ],
            remedies: [
                "Look at the events, which hold what the process printed: hostelry events --source aspnetcore.",
                "Install the framework that they name, or publish the application self-contained.",
                "Start the program by hand, in the application’s folder and as the pool’s user.",
                "Set stdoutLogEnabled to true in web.config, and look into the file.",
            ]),
        ErrorAdvice(
            502, nil,
            causes: [
                "The application’s process ended, or closed the connection, before it had answered.",
                "Its answer was not one that HTTP knows.",
            ],
            remedies: ["Look at the application’s own log and at the events: hostelry events."]),
        ErrorAdvice(
            503, 2,
            causes: ["The application serves as many requests at once as appConcurrentRequestLimit allows."],
            remedies: [
                "Find out why requests take long: hostelry status shows how many are in work.",
                "Raise appConcurrentRequestLimit in system.webServer/serverRuntime if the machine can do more.",
            ]),
        ErrorAdvice(
            503, nil,
            causes: ["The application is stopped, overloaded, or does not start."],
            remedies: ["Look at the pool’s state with hostelry status, and at the events."]),
    ]
}
