public import Configuration
public import Pipeline

/// How the module answers for an application that does not start: with a page of its own, or, where
/// `disableStartUpErrorPage` says so, with status and sub-status, of which the site's own pages for errors make what they
/// make.
public struct StartFailureAnswer: Sendable {
    private let showsPage: Bool
    private let showsDetails: Bool
    private let link: String?

    /// - Parameters:
    ///   - disablesPage: `disableStartUpErrorPage`.
    ///   - variables: of the section.
    ///   - environment: the worker's.
    public init(
        disablesPage: Bool, variables: [EnvironmentVariable], environment: [(name: String, value: String)]
    ) {
        showsPage = !disablesPage
        let names = VariableReading(environment, variables)
        showsDetails = Self.showsDetails(names)
        link = VariableReading(environment, [])["ANCM_ADDITIONAL_ERROR_PAGE_LINK"]
    }

    /// - Parameters:
    ///   - details: what went wrong, for the page of those who develop, and for the log of refusals.
    public func give(_ failure: StartFailure, _ details: String, to request: RequestContext) -> NotificationStatus {
        guard showsPage else { return request.refuse(refusalWithoutPage(failure), details) }
        let status = request.refuse(failure.refusal, details)
        request.setErrorBody(
            StartFailurePage.make(failure, details: showsDetails ? details : nil, link: link),
            type: Array("text/html".utf8))
        request.response.skipsCustomErrors = true
        return status
    }

    private func refusalWithoutPage(_ failure: StartFailure) -> Refusal {
        // IIS: a gateway's error like any other.
        failure == .processNotStarted ? .badGateway : failure.refusal
    }

    /// In development, or where errors are asked for.
    private static func showsDetails(_ variables: VariableReading) -> Bool {
        let wish = variables["ASPNETCORE_DETAILEDERRORS"]?.lowercased()
        if wish == "1" || wish == "true" { return true }
        return ["ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"].contains {
            variables[$0]?.lowercased() == "development"
        }
    }
}

/// Variables that the worker has, or else the section gives; an empty one is none, and names are compared without case.
private struct VariableReading {
    private let values: [String: String]

    init(_ environment: [(name: String, value: String)], _ variables: [EnvironmentVariable]) {
        var values: [String: String] = [:]
        for variable in variables { values[variable.name.lowercased()] = variable.value }
        for variable in environment where !variable.value.isEmpty {
            values[variable.name.lowercased()] = variable.value
        }
        self.values = values
    }

    subscript(name: String) -> String? { values[name.lowercased()].flatMap { $0.isEmpty ? nil : $0 } }
}
