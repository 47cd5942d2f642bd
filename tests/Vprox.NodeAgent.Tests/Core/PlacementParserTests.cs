using Vprox.Contracts;
using Vprox.NodeAgent.Core.Placements;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class PlacementParserTests
{
    public static TheoryData<string, StaticIpPlaced> Malformed => new()
    {
        { "Address", Some.Message(0, 1) with { Address = "192.0.2" } },
        { "Address", Some.Message(0, 1) with { Address = null! } },
        { "Generation", Some.Message(0, 0) },
        { "NodeId", Some.Message(0, 1) with { NodeId = "" } },
        { "PrivateAddress", Some.Message(0, 1) with { PrivateAddress = "::1" } },
        { "ListenPort", Some.Message(0, 1) with { ListenPort = 443 } },
        { "InnerSubnet", Some.Message(0, 1) with { InnerSubnet = "240.0.0.0/16" } },
        { "peer key", Some.Message(0, 1, peers: Some.Peer(0, 0, Some.Key(1)) with { PublicKey = new string('A', 43) + "=" }) },
        { "inner addresses", Some.Message(0, 1, peers: Some.Peer(1, 0, Some.Key(1))) },
        { "inner addresses", Some.Message(0, 1, peers: Some.Peer(0, 0, Some.Key(1)) with { InnerAddresses = ["240.0.0.1"] }) },
        { "peer key", Some.Message(0, 1, peers: [null!]) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_placement_is_refused_with_the_field_that_is_wrong(string field, StaticIpPlaced message)
    {
        Assert.False(PlacementParser.TryParse(message, out _, out var error));
        Assert.StartsWith(field, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Explicit_nulls_are_empty_lists()
    {
        Assert.True(PlacementParser.TryParse(Some.Message(0, 1) with { Peers = null!, GrantKeys = null!, SealedIdentity = null! }, out var placement, out _));
        Assert.Empty(placement.Message.Peers);
        Assert.Empty(placement.Message.GrantKeys);
    }

    [Fact]
    public void An_endpoint_that_cannot_be_read_is_left_out()
    {
        Assert.True(PlacementParser.TryParse(Some.Message(0, 1, peers: Some.Peer(0, 0, Some.Key(1), "nowhere")), out var placement, out _));
        Assert.Null(Assert.Single(placement.Peers).Endpoint);
    }
}
