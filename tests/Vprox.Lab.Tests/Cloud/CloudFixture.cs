using Amazon.EC2;
using Amazon.Runtime;
using Amazon.SQS;
using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.Admin;

namespace Vprox.Lab.Tests.Cloud;

/// <summary>A cloud on loopback with two nodes in one subnet, one in another, and the real SDK clients.</summary>
public sealed class CloudFixture : IAsyncDisposable
{
    public const string Eni1 = "eni-00000000000000001";
    public const string Eni2 = "eni-00000000000000002";
    public const string FarEni = "eni-00000000000000003";
    public const string Node1 = "i-00000000000000001";
    public const string Node2 = "i-00000000000000002";
    public const string FarNode = "i-00000000000000003";

    private CloudFixture(CloudServer server)
    {
        Server = server;
        Ec2 = new AmazonEC2Client(Credentials, Configure(new AmazonEC2Config()));
        Sqs = new AmazonSQSClient(Credentials, Configure(new AmazonSQSConfig()));
        Http = new HttpClient { BaseAddress = server.Api };
        Admin = new CloudClient(Http);
    }

    public CloudServer Server { get; }

    public AmazonEC2Client Ec2 { get; }

    public AmazonSQSClient Sqs { get; }

    public HttpClient Http { get; }

    public CloudClient Admin { get; }

    private static BasicAWSCredentials Credentials { get; } = new("lab", "lab");

    public static CloudSeed Seed { get; } = new()
    {
        Subnets = [new("subnet-1", "10.0.1.0/24"), new("subnet-2", "10.0.2.0/24", "us-east-1b")],
        Instances =
        [
            new(Node1, [new(Eni1, "subnet-1", "0e:00:00:00:00:01", "10.0.1.10")]),
            new(Node2, [new(Eni2, "subnet-1", "0e:00:00:00:00:02", "10.0.1.11")]),
            new(FarNode, [new(FarEni, "subnet-2", "0e:00:00:00:00:03", "10.0.2.10")]),
        ],
        ElasticIps = [new("eipalloc-1", "192.0.2.10"), new("eipalloc-2", "192.0.2.11")],
    };

    public static async Task<CloudFixture> StartAsync(CloudSettings? settings = null, CloudSeed? seed = null) => new(await CloudServer.StartAsync(new CloudOptions
    {
        Seed = seed ?? Seed,
        Settings = settings ?? new CloudSettings { EffectDelayMs = 0, AnswerDelayMs = 0 },
        MetadataPortFor = [Node1, Node2],
    }));

    public async ValueTask DisposeAsync()
    {
        Ec2.Dispose();
        Sqs.Dispose();
        Http.Dispose();
        await Server.DisposeAsync();
    }

    private T Configure<T>(T config) where T : ClientConfig
    {
        config.ServiceURL = Server.Api.ToString();
        config.AuthenticationRegion = "us-east-1";
        config.MaxErrorRetry = 0;
        config.Timeout = TimeSpan.FromSeconds(30);
        return config;
    }
}
