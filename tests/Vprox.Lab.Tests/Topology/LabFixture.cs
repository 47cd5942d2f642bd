using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Vprox.Lab.Cloud;
using Vprox.Lab.Topology;

[assembly: AssemblyFixture(typeof(Vprox.Lab.Tests.Topology.LabFixture))]

namespace Vprox.Lab.Tests.Topology;

/// <summary>A lab without Vprox: hosts, network and cloud. Each test uses private addresses and Elastic IPs of its own.</summary>
public sealed class LabFixture : IAsyncLifetime
{
    public VproxLab Lab { get; private set; } = null!;

    /// <summary>EC2 as a service on the control host reaches it.</summary>
    public AmazonEC2Client Ec2 { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Lab = await VproxLab.StartAsync(new LabOptions { Services = false, CloudSettings = new CloudSettings { EffectDelayMs = 200 } });
        Ec2 = new AmazonEC2Client(new BasicAWSCredentials("lab", "lab"), new AmazonEC2Config
        {
            ServiceURL = LabPlan.CloudUrl.ToString(),
            AuthenticationRegion = LabPlan.Region,
            HttpClientFactory = new HostHttpClientFactory(Lab.Control),
        });
    }

    public async ValueTask DisposeAsync()
    {
        Ec2.Dispose();
        await Lab.DisposeAsync();
    }

    /// <summary>Puts a private address with an Elastic IP on a node.</summary>
    public async Task PlaceAsync(LabNode node, string privateAddress, int elasticIp)
    {
        var eni = node.Plan.NetworkInterfaces[0].Id;
        await Ec2.AssignPrivateIpAddressesAsync(new() { NetworkInterfaceId = eni, PrivateIpAddresses = [privateAddress], AllowReassignment = true });
        await Ec2.AssociateAddressAsync(new AssociateAddressRequest
        {
            AllocationId = Lab.Plan.ElasticIps[elasticIp].AllocationId,
            NetworkInterfaceId = eni,
            PrivateIpAddress = privateAddress,
        });
    }

    private sealed class HostHttpClientFactory(LabHost host) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => host.Http;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
