import Configuration
import HostModel
import Testing

@testable import ConfigurationStore

/// Which pools read what of a folder that is placed.
struct ContentReaderTests {
    private let model: HostModel

    init() throws {
        model = HostModel.build(
            try ServerConfiguration(
                bytes: Array(
                    """
                    <configuration><system.applicationHost>
                    <applicationPools><add name="Shop"/><add name="API"/><add name="Other"/></applicationPools><sites>
                    <site name="S" id="1"><application path="/" applicationPool="Shop">
                    <virtualDirectory path="/" physicalPath="/srv/shop"/></application>
                    <application path="/api" applicationPool="API">
                    <virtualDirectory path="/" physicalPath="/srv/shop/inner/api"/>
                    <virtualDirectory path="/v2" physicalPath="/srv/shop/inner/api/v2"/></application>
                    <bindings><binding protocol="http" bindingInformation="*:8001:"/></bindings></site>
                    <site name="T" id="2"><application path="/" applicationPool="Other">
                    <virtualDirectory path="/" physicalPath="/srv/shop/inner/other"/></application>
                    <bindings><binding protocol="http" bindingInformation="*:8002:"/></bindings></site>
                    </sites></system.applicationHost></configuration>
                    """.utf8), path: "x"))
    }

    @Test func onlyWhoeverServesItAllReadsItAll() {
        let readers = ContentReader.all(of: "/srv/shop", in: model)
        #expect(readers.keys.sorted() == ["API", "Other", "Shop"])
        #expect(readers["Shop"]?.folders == [[]] && readers["Shop"]?.passed == [])
        // What lies in a folder that is read anyway is no folder of its own.
        #expect(readers["API"]?.folders == [["inner", "api"]])
        #expect(readers["API"]?.passed == [[], ["inner"]])
        #expect(readers["Other"]?.folders == [["inner", "other"]])
    }

    @Test func theWebConfigAboveIsReadWhereItHolds() throws {
        let readers = ContentReader.all(of: "/srv/shop", in: model)
        let api = try #require(readers["API"])
        #expect(api.configured.intersection(api.passed) == [[]])
        let other = try #require(readers["Other"])
        #expect(other.configured.isDisjoint(with: other.passed))
    }

    @Test func whatLiesBelowAFolderOfAPoolIsReadWhole() {
        #expect(
            ContentReader.all(of: "/srv/shop/inner/api/v2/x", in: model).mapValues(\.folders)
                == ["Shop": [[]], "API": [[]]])
        #expect(ContentReader.all(of: "/srv/shopping", in: model).isEmpty)
    }

    @Test func poolsWithOneUserReadWhatBothRead() {
        var reader = ContentReader.all(of: "/srv/shop", in: model)["API"]
        for other in ContentReader.all(of: "/srv/shop", in: model).values { reader?.add(other) }
        #expect(reader?.folders == [[]] && reader?.passed == [])
    }
}
