import Configuration
import HostModel
import Testing
import Wire

@testable import Explanation

/// Which site takes a request: the precedence of reference §8.8.
struct BindingSearchTests {
    private let model: HostModel

    init() throws {
        let bindings = [
            (1, "10.0.0.1:80:www.a.com", ""), (2, "*:80:www.a.com", ""), (3, "10.0.0.1:80:*.a.com", ""),
            (4, "*:80:*.a.com", ""), (5, "10.0.0.1:80:", ""), (6, "*:80:", ""), (7, "*:81:only.test", ""),
            (8, "*:82:", " serverAutoStart=\"false\""),
        ]
        let sites = bindings.map { id, binding, attributes in
            """
            <site name="Site \(id)" id="\(id)"\(attributes)>
              <application path="/" applicationPool="Pool"><virtualDirectory path="/" physicalPath="/srv"/></application>
              <bindings><binding protocol="http" bindingInformation="\(binding)"/></bindings>
            </site>
            """
        }
        let text = """
            <configuration><system.applicationHost>
              <applicationPools><add name="Pool"/></applicationPools><sites>\(sites.joined())</sites>
            </system.applicationHost></configuration>
            """
        model = HostModel.build(try ServerConfiguration(bytes: Array(text.utf8), path: "applicationHost.config"))
    }

    private func ids(_ host: String, address: UInt32 = 0x0A00_0001, port: UInt16 = 80) -> [UInt32] {
        BindingSearch(
            model, host: host, local: Endpoint(address: IPAddress(v4: address), port: port), isSecure: false
        ).candidates.map(\.site.id)
    }

    @Test func hostGoesBeforeAddressAndAddressBeforeWildcard() {
        #expect(ids("www.a.com") == [1, 2, 3, 4, 5, 6])
    }

    @Test func atAnotherAddressOnlyWildcardsFit() {
        #expect(ids("WWW.A.COM", address: 0x0A00_0002) == [2, 4, 6])
    }

    @Test func aWildcardNameDoesNotTakeItsOwnDomain() {
        #expect(ids("a.com") == [5, 6])
        #expect(ids("x.y.a.com") == [3, 4, 5, 6])
    }

    @Test func aPortIsListenedAtForOtherNamesOrNotAtAll() {
        let local = IPAddress(v4: 0x7F00_0001)
        let other = BindingSearch(model, host: "x.test", local: Endpoint(address: local, port: 81), isSecure: false)
        #expect(other.candidates.isEmpty && other.isListening)
        let none = BindingSearch(model, host: "x.test", local: Endpoint(address: local, port: 82), isSecure: false)
        #expect(none.candidates.isEmpty && !none.isListening && none.stopped.map(\.id) == [8])
    }
}
