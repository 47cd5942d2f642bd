using Amazon.EC2;
using Amazon.EC2.Model;

namespace Vprox.Lab.Tests.Cloud;

public sealed class PrivateAddressTests
{
    [Fact]
    public async Task Reassignment_moves_the_private_address_with_its_Elastic_IP()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await Assign(cloud, CloudFixture.Eni1, false, "10.0.1.20", "10.0.1.21");
        await Associate(cloud, "eipalloc-1", CloudFixture.Eni1, "10.0.1.20");

        var moved = await Assign(cloud, CloudFixture.Eni2, true, "10.0.1.20");

        Assert.Equal(["10.0.1.20"], moved.AssignedPrivateIpAddresses.Select(address => address.PrivateIpAddress));
        var elastic = Assert.Single((await cloud.Ec2.DescribeAddressesAsync(new DescribeAddressesRequest { AllocationIds = ["eipalloc-1"] })).Addresses);
        Assert.Equal((CloudFixture.Eni2, CloudFixture.Node2, "10.0.1.20"), (elastic.NetworkInterfaceId, elastic.InstanceId, elastic.PrivateIpAddress));
        Assert.Equal(["10.0.1.10", "10.0.1.21"], await AddressesOf(cloud, CloudFixture.Eni1));
        Assert.Equal(["10.0.1.11", "10.0.1.20"], await AddressesOf(cloud, CloudFixture.Eni2));
    }

    [Fact]
    public async Task Without_AllowReassignment_nothing_of_the_list_is_done()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await Assign(cloud, CloudFixture.Eni1, false, "10.0.1.20");

        var refused = await Refused(Assign(cloud, CloudFixture.Eni2, false, "10.0.1.30", "10.0.1.20"));

        Assert.Equal(("InvalidParameterValue", "[10.0.1.20] assigned, but move is not allowed."), (refused.ErrorCode, refused.Message));
        Assert.Equal(["10.0.1.11"], await AddressesOf(cloud, CloudFixture.Eni2));
    }

    [Theory]
    [InlineData("10.0.1.10")]
    [InlineData("10.0.2.20")]
    [InlineData("10.0.1.3")]
    [InlineData("10.0.1.255")]
    [InlineData("10.0.1")]
    public async Task A_primary_a_foreign_a_reserved_and_a_malformed_address_are_refused(string address)
    {
        await using var cloud = await CloudFixture.StartAsync();

        var refused = await Refused(Assign(cloud, CloudFixture.Eni2, true, "10.0.1.40", address));

        Assert.Equal("InvalidParameterValue", refused.ErrorCode);
        Assert.Equal(["10.0.1.11"], await AddressesOf(cloud, CloudFixture.Eni2));
    }

    [Fact]
    public async Task An_ENI_holds_29_secondary_addresses_and_no_more()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Ec2.AssignPrivateIpAddressesAsync(new() { NetworkInterfaceId = CloudFixture.Eni1, SecondaryPrivateIpAddressCount = 29 });

        var refused = await Refused(Assign(cloud, CloudFixture.Eni1, true, "10.0.1.200"));

        Assert.Equal("PrivateIpAddressLimitExceeded", refused.ErrorCode);
        Assert.Equal(30, (await AddressesOf(cloud, CloudFixture.Eni1)).Count);
    }

    [Fact]
    public async Task Unassigning_drops_the_Elastic_IP()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await Assign(cloud, CloudFixture.Eni1, false, "10.0.1.20");
        await Associate(cloud, "eipalloc-1", CloudFixture.Eni1, "10.0.1.20");

        await cloud.Ec2.UnassignPrivateIpAddressesAsync(new() { NetworkInterfaceId = CloudFixture.Eni1, PrivateIpAddresses = ["10.0.1.20"] });

        var elastic = (await cloud.Ec2.DescribeAddressesAsync(new DescribeAddressesRequest { PublicIps = ["192.0.2.10"] })).Addresses.Single();
        Assert.Null(elastic.AssociationId);
        var refused = await Refused(cloud.Ec2.UnassignPrivateIpAddressesAsync(
            new() { NetworkInterfaceId = CloudFixture.Eni1, PrivateIpAddresses = ["10.0.1.20"] }));
        Assert.Equal("InvalidParameterValue", refused.ErrorCode);
    }

    [Fact]
    public async Task Association_is_idempotent_and_moves_unless_forbidden()
    {
        await using var cloud = await CloudFixture.StartAsync();
        var first = await Associate(cloud, "eipalloc-1", CloudFixture.Eni1, "10.0.1.10");
        Assert.Equal(first.AssociationId, (await Associate(cloud, "eipalloc-1", CloudFixture.Eni1, "10.0.1.10")).AssociationId);

        var forbidden = await Refused(cloud.Ec2.AssociateAddressAsync(new()
        {
            AllocationId = "eipalloc-1",
            NetworkInterfaceId = CloudFixture.FarEni,
            AllowReassociation = false,
        }));
        var moved = await Associate(cloud, "eipalloc-1", CloudFixture.FarEni, "10.0.2.10");
        var stale = await Refused(cloud.Ec2.DisassociateAddressAsync(new() { AssociationId = first.AssociationId }));

        Assert.Equal("Resource.AlreadyAssociated", forbidden.ErrorCode);
        Assert.NotEqual(first.AssociationId, moved.AssociationId);
        Assert.Equal("InvalidAssociationID.NotFound", stale.ErrorCode);
    }

    [Fact]
    public async Task What_does_not_exist_has_its_own_code()
    {
        await using var cloud = await CloudFixture.StartAsync();
        var ec2 = cloud.Ec2;

        async Task<string> Code(Task call) => (await Refused(call)).ErrorCode;
        Task Interface(string id) => ec2.DescribeNetworkInterfacesAsync(new DescribeNetworkInterfacesRequest { NetworkInterfaceIds = [id] });
        Task Instance(string id) => ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [id] });

        Assert.Equal("InvalidAllocationID.NotFound", await Code(Associate(cloud, "eipalloc-9", CloudFixture.Eni1, "10.0.1.10")));
        Assert.Equal("InvalidNetworkInterfaceID.NotFound", await Code(Assign(cloud, "eni-9", true, "10.0.1.20")));
        Assert.Equal("InvalidNetworkInterfaceID.NotFound", await Code(Interface("eni-9")));
        Assert.Equal("InvalidInstanceID.NotFound", await Code(Instance("i-9")));
        Assert.Equal("InvalidParameterValue", await Code(Associate(cloud, "eipalloc-1", CloudFixture.Eni1, "10.0.1.99")));
    }

    private static Task<AssignPrivateIpAddressesResponse> Assign(CloudFixture cloud, string eni, bool allowReassignment, params string[] addresses) =>
        cloud.Ec2.AssignPrivateIpAddressesAsync(new()
        {
            NetworkInterfaceId = eni,
            PrivateIpAddresses = [.. addresses],
            AllowReassignment = allowReassignment,
        });

    private static Task<AssociateAddressResponse> Associate(CloudFixture cloud, string allocation, string eni, string address) =>
        cloud.Ec2.AssociateAddressAsync(new() { AllocationId = allocation, NetworkInterfaceId = eni, PrivateIpAddress = address });

    private static async Task<IReadOnlyList<string>> AddressesOf(CloudFixture cloud, string eni) =>
        [.. (await cloud.Ec2.DescribeNetworkInterfacesAsync(new DescribeNetworkInterfacesRequest
        {
            Filters = [new Filter("network-interface-id", [eni])],
        })).NetworkInterfaces.Single().PrivateIpAddresses.Select(address => address.PrivateIpAddress)];

    private static Task<AmazonEC2Exception> Refused(Task call) => Assert.ThrowsAsync<AmazonEC2Exception>(() => call);
}
