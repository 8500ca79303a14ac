import Configuration
import HostModel

/// A server file of sites and pools beneath the built-in sections.
func serverConfiguration(pools: String = "<add name=\"P\"/>", sites: String, more: String = "") throws
    -> ServerConfiguration
{
    let text = """
        <configuration><system.applicationHost>
        <applicationPools>\(pools)</applicationPools>
        <sites>\(sites)</sites>
        </system.applicationHost>\(more)</configuration>
        """
    return try ServerConfiguration(bytes: Array(text.utf8), path: "applicationHost.config", variables: ["ROOT": "/srv"])
}

func model(pools: String = "<add name=\"P\"/>", sites: String, more: String = "") throws -> HostModel {
    HostModel.build(try serverConfiguration(pools: pools, sites: sites, more: more))
}

/// A sound site on one binding with a root application in the pool `P`.
func siteText(
    _ name: String, id: Int, binding: String? = nil, pool: String = "P", path: String = "/srv/x", more: String = ""
) -> String {
    """
    <site name="\(name)" id="\(id)"><bindings>
    <binding protocol="http" bindingInformation="\(binding ?? "*:80:\(name.lowercased())")"/></bindings>
    <application path="/" applicationPool="\(pool)"><virtualDirectory path="/" physicalPath="\(path)"/></application>\(more)</site>
    """
}
