//  HostModel: sites, bindings, applications, virtual directories and pools of one configuration version, immutable.
//
//      ConfigurationSystem (server level) ─► HostModel.build ─► HostModel + [Problem]
//      HostModel × HostModel ─► [ModelChange]      the smallest list that turns one into the other
//
//  A broken site or pool is quarantined: it stays in the model with its reasons, and nothing else notices.
//  Rules that need a tenant's web.config (hosting models, architectures) are functions over what their caller read.
