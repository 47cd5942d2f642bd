using System.Net;
using Amazon.EC2.Model;

namespace Vprox.Lab.Tests.Cloud;

public sealed class ImdsTests
{
    [Fact]
    public async Task An_instance_reads_its_interfaces_and_addresses()
    {
        await using var cloud = await CloudFixture.StartAsync();
        await cloud.Ec2.AssignPrivateIpAddressesAsync(new() { NetworkInterfaceId = CloudFixture.Eni1, PrivateIpAddresses = ["10.0.1.20"] });
        await cloud.Ec2.AssociateAddressAsync(new() { AllocationId = "eipalloc-1", NetworkInterfaceId = CloudFixture.Eni1, PrivateIpAddress = "10.0.1.20" });
        using var imds = new HttpClient { BaseAddress = cloud.Server.Metadata[CloudFixture.Node1] };
        imds.DefaultRequestHeaders.Add("X-aws-ec2-metadata-token", await TokenAsync(imds));

        const string Eni = "/latest/meta-data/network/interfaces/macs/0e:00:00:00:00:01/";
        Assert.Equal(CloudFixture.Node1, await imds.GetStringAsync("/latest/meta-data/instance-id"));
        Assert.Equal("us-east-1", await imds.GetStringAsync("/latest/meta-data/placement/region"));
        Assert.Equal("0e:00:00:00:00:01/", await imds.GetStringAsync("/latest/meta-data/network/interfaces/macs/"));
        Assert.Equal("10.0.1.10\n10.0.1.20", await imds.GetStringAsync(Eni + "local-ipv4s"));
        Assert.Equal("10.0.1.20", await imds.GetStringAsync(Eni + "ipv4-associations/192.0.2.10"));
        Assert.Equal("10.0.1.0/24", await imds.GetStringAsync(Eni + "subnet-ipv4-cidr-block"));
        Assert.Equal("0", await imds.GetStringAsync(Eni + "device-number"));
        Assert.Equal(CloudFixture.Eni1, await imds.GetStringAsync(Eni + "interface-id"));
        Assert.Equal(HttpStatusCode.NotFound, (await imds.GetAsync("/latest/meta-data/spot/instance-action")).StatusCode);
    }

    [Fact]
    public async Task No_token_means_401_and_a_foreign_token_too()
    {
        await using var cloud = await CloudFixture.StartAsync();
        using var first = new HttpClient { BaseAddress = cloud.Server.Metadata[CloudFixture.Node1] };
        using var second = new HttpClient { BaseAddress = cloud.Server.Metadata[CloudFixture.Node2] };

        Assert.Equal(HttpStatusCode.Unauthorized, (await first.GetAsync("/latest/meta-data/instance-id")).StatusCode);
        first.DefaultRequestHeaders.Add("X-aws-ec2-metadata-token", await TokenAsync(second));
        Assert.Equal(HttpStatusCode.Unauthorized, (await first.GetAsync("/latest/meta-data/instance-id")).StatusCode);
    }

    [Theory]
    [InlineData("0", null, HttpStatusCode.BadRequest)]
    [InlineData("21601", null, HttpStatusCode.BadRequest)]
    [InlineData("soon", null, HttpStatusCode.BadRequest)]
    [InlineData("60", "203.0.113.1", HttpStatusCode.Forbidden)]
    [InlineData("60", null, HttpStatusCode.OK)]
    public async Task A_token_needs_a_lifetime_and_no_proxy_between(string ttl, string? forwardedFor, HttpStatusCode expected)
    {
        await using var cloud = await CloudFixture.StartAsync();
        using var imds = new HttpClient { BaseAddress = cloud.Server.Metadata[CloudFixture.Node1] };
        using var request = new HttpRequestMessage(HttpMethod.Put, "/latest/api/token");
        request.Headers.Add("X-aws-ec2-metadata-token-ttl-seconds", ttl);
        if (forwardedFor is not null)
            request.Headers.Add("X-Forwarded-For", forwardedFor);

        Assert.Equal(expected, (await imds.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Metadata_that_is_switched_off_answers_403()
    {
        await using var cloud = await CloudFixture.StartAsync();
        using var imds = new HttpClient { BaseAddress = cloud.Server.Metadata[CloudFixture.Node1] };
        await cloud.Admin.SetAsync(settings => settings with { Metadata = false });

        Assert.Equal(HttpStatusCode.Forbidden, (await imds.GetAsync("/latest/meta-data/instance-id")).StatusCode);
    }

    private static async Task<string> TokenAsync(HttpClient imds)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/latest/api/token");
        request.Headers.Add("X-aws-ec2-metadata-token-ttl-seconds", "60");
        return await (await imds.SendAsync(request)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }
}
