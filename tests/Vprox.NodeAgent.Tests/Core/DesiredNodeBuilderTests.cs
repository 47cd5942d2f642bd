using System.Net;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Core.Placements;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class DesiredNodeBuilderTests
{
    private readonly PeerTable _peers = new();

    [Fact]
    public void An_address_that_has_arrived_is_on_its_ENI_and_one_that_has_not_stands_ready()
    {
        var desired = DesiredNodeBuilder.Build([Some.Placement(0, 1), Some.Placement(1, 1)], Some.Metadata(0), _peers);
        Assert.Equal(["ens5", null], desired.Addresses.Select(address => address.LinkName));
        Assert.Equal("ens5", Assert.Single(desired.NetworkInterfaces).LinkName);
    }

    [Fact]
    public void An_address_in_IMDS_that_was_not_placed_here_is_left_alone() =>
        Assert.Empty(DesiredNodeBuilder.Build([], Some.Metadata(0, 1), _peers).Addresses);

    [Fact]
    public void A_private_address_with_a_foreign_public_one_is_not_served()
    {
        var metadata = Some.Metadata(0).WithPublicAddresses((Some.PrivateAddress(0), Some.PublicAddress(7)));
        Assert.Null(Assert.Single(DesiredNodeBuilder.Build([Some.Placement(0, 1)], metadata, _peers).Addresses).LinkName);
    }

    [Fact]
    public void An_address_without_its_Elastic_IP_is_ready_and_not_said_to_serve()
    {
        var metadata = Some.Metadata(0).WithPublicAddresses();
        Assert.Equal("ens5", DesiredNodeBuilder.LinkOf(Some.Placement(0, 1), metadata));
        Assert.False(DesiredNodeBuilder.IsReachable(Some.Placement(0, 1), metadata));
        Assert.True(DesiredNodeBuilder.IsReachable(Some.Placement(0, 1), Some.Metadata(0)));
    }

    [Fact]
    public void A_placement_whose_seal_did_not_open_waits() =>
        Assert.Empty(DesiredNodeBuilder.Build([Some.Placement(0, 1) with { Identity = null }], Some.Metadata(0), _peers).Addresses);

    [Fact]
    public void Of_two_placements_with_one_port_or_one_private_address_only_the_newer_reaches_the_kernel()
    {
        var port = Some.Placement(1, 2) with { ListenPort = Some.Placement(0, 1).ListenPort };
        Assert.Equal([port.Address], Built(Some.Placement(0, 1), port));
        var home = Some.Placement(1, 2) with { PrivateAddress = Some.PrivateAddress(0) };
        Assert.Equal([home.Address], Built(Some.Placement(0, 1), home));
        Assert.Equal([Some.PublicAddress(0)], Built(Some.Placement(0, 3), home));
    }

    private IPAddress[] Built(params Placement[] held) =>
        [.. DesiredNodeBuilder.Build(held, Some.Metadata(0, 1), _peers).Addresses.Select(address => address.Address)];
}
