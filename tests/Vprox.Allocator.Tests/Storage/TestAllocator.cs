using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Vprox.Allocator.Adapters.Keys;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Transactions;
using Vprox.Contracts;
using Vprox.Identity;

namespace Vprox.Allocator.Tests.Storage;

/// <summary>The Allocator without the bus, over an SQLite file of its own or one shared with another instance.</summary>
internal sealed class TestAllocator : IAsyncDisposable
{
    public const string Region = "us-east-1";

    private readonly ServiceProvider _services;
    private readonly DirectoryInfo _folder;
    private readonly bool _ownsFolder;

    private TestAllocator(ServiceProvider services, AllocatorOptions options, FakeTimeProvider time, DirectoryInfo folder, bool ownsFolder) =>
        (_services, Options, Time, _folder, _ownsFolder) = (services, options, time, folder, ownsFolder);

    public AllocatorOptions Options { get; }

    public FakeTimeProvider Time { get; }

    public AllocatorStore Store => Get<AllocatorStore>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A loop of the service, not started.</summary>
    public T Make<T>() => ActivatorUtilities.CreateInstance<T>(_services);

    /// <summary>What was logged, as "id sentence".</summary>
    public SaidLines Said => Get<SaidLines>();

    public static Task<TestAllocator> StartAsync(int addresses = 10) => StartAsync(Directory.CreateTempSubdirectory("vprox-allocator-"), addresses, ownsFolder: true);

    /// <summary>Another instance over the same file: a replica, or the next process after a crash.</summary>
    public Task<TestAllocator> StartAnotherAsync() => StartAsync(_folder, Options.Regions[0].ElasticIps.Count, ownsFolder: false);

    public NodeJoined Node(string nodeId, SealingKey? key = null, int capacity = 29, int subnet = 1, int secondsAfterStart = 0) => new()
    {
        NodeId = nodeId,
        InstanceId = nodeId,
        Region = Region,
        SealingPublicKey = (key ?? SealingKey.Generate()).PublicKey.ToString(),
        ProbeUrl = "https://10.0.1.10",
        AgentVersion = "0.1.0",
        StartedAt = Time.Start.AddSeconds(secondsAfterStart),
        NetworkInterfaces =
        [
            new NodeNetworkInterface
            {
                NetworkInterfaceId = $"eni-{nodeId}",
                SubnetId = $"subnet-{subnet}",
                SubnetCidr = $"10.0.{subnet}.0/24",
                PrimaryAddress = $"10.0.{subnet}.{10 + (nodeId[^1] % 40)}",
                SecondaryAddresses = [],
                SecondaryCapacity = capacity,
            },
        ],
    };

    public Task JoinAsync(NodeJoined node) => Get<RecordNode>().HandleAsync(node, CancellationToken.None);

    public Task RequestAsync(string proxyId = "p-1", string workspaceId = "ws-1", int count = 1, string? region = null, int? ceilingMbps = null, long revision = 0) =>
        Get<RequestProxy>().HandleAsync(
            new ProxyRequested { ProxyId = proxyId, WorkspaceId = workspaceId, AddressCount = count, Region = region, CeilingMbps = ceilingMbps, Revision = revision }, CancellationToken.None);

    public Task ServeAsync(StaticIpPlaced placed) => Get<ConfirmServing>().HandleAsync(
        new StaticIpServing { Address = placed.Address, NodeId = placed.NodeId, Generation = placed.Generation }, CancellationToken.None);

    /// <summary>A proxy all of whose addresses serve; returns its placements. The outbox is empty afterwards.</summary>
    public async Task<IReadOnlyList<StaticIpPlaced>> ReadyProxyAsync(string proxyId = "p-1", int count = 1)
    {
        await RequestAsync(proxyId, count: count);
        var placed = (await TakeOutboxAsync()).OfType<StaticIpPlaced>().ToList();
        Assert.Equal(count, placed.Count);
        foreach (var placement in placed)
            await ServeAsync(placement);
        Assert.Single((await TakeOutboxAsync()).OfType<ProxyReady>());
        return placed;
    }

    public async Task<GrantAnswer> GrantAsync(string publicKey, string proxyId = "p-1", int? blocks = null, string? workspaceId = null, string? address = null,
        params IReadOnlyList<string> returned) =>
        await Get<IssueGrant>().HandleAsync(
            new RequestGrant { ProxyId = proxyId, WorkerId = "worker-1", PeerPublicKey = publicKey, Blocks = blocks, WorkspaceId = workspaceId, Address = address, ReturnedInnerAddresses = returned },
            CancellationToken.None);

    public Task UnhealthyAsync(string nodeId) => JudgeAsync(judge => judge.MarkUnhealthyAsync(nodeId, Time.GetUtcNow(), CancellationToken.None));

    public Task RecoveredAsync(string nodeId) => JudgeAsync(judge => judge.MarkRecoveredAsync(nodeId, Time.GetUtcNow(), CancellationToken.None));

    public Task DrainingAsync(string nodeId) => JudgeAsync(judge => judge.MarkDrainingAsync(nodeId, Time.GetUtcNow(), CancellationToken.None));

    public Task UncordonAsync(string nodeId) => Get<JudgeNode>().UncordonAsync(nodeId, CancellationToken.None);

    /// <summary>What waits in the outbox, oldest first, which is then empty.</summary>
    public Task<List<object>> TakeOutboxAsync() => Store.DecideAsync(
        async database =>
        {
            var rows = await database.Outbox.OrderBy(row => row.Id).ToListAsync();
            database.Outbox.RemoveRange(rows);
            return rows.ConvertAll(row => JsonSerializer.Deserialize(row.Body, typeof(StaticIpPlaced).Assembly.GetType($"Vprox.Contracts.{row.Type}")!)!);
        },
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (!_ownsFolder)
            return;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private async Task JudgeAsync(Func<JudgeNode, Task> verdict)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        await verdict(Get<JudgeNode>());
    }

    private static async Task<TestAllocator> StartAsync(DirectoryInfo folder, int addresses, bool ownsFolder)
    {
        var keyFile = Path.Combine(folder.FullName, "key");
        if (!File.Exists(keyFile))
        {
            await File.WriteAllTextAsync(keyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        var options = new AllocatorOptions
        {
            Database = $"Data Source={Path.Combine(folder.FullName, "allocator.db")}",
            KeyFile = keyFile,
            Regions =
            [
                new RegionOptions
                {
                    Name = Region,
                    ElasticIps = Enumerable.Range(1, addresses).Select(i => new ElasticIpOptions { Address = $"192.0.2.{i}", AllocationId = $"eipalloc-{i}" }).ToList(),
                    Subnets =
                    [
                        new SubnetOptions { SubnetId = "subnet-1", PrivateRange = "10.0.1.64/26" },
                        new SubnetOptions { SubnetId = "subnet-2", PrivateRange = "10.0.2.64/26" },
                    ],
                },
            ],
        };
        Assert.Empty(options.Errors());
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        var services = new ServiceCollection()
            .AddSingleton<SaidLines>().AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<SaidLines>())
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug)).AddSingleton<TimeProvider>(time).AddSingleton(options).AddAllocator(options).BuildServiceProvider();
        await services.GetRequiredService<Schema>().MigrateAsync(CancellationToken.None);
        await services.GetRequiredService<Pool>().EnterAsync(CancellationToken.None);
        await services.GetRequiredService<GrantKeyring>().LoadAsync(CancellationToken.None);
        return new TestAllocator(services, options, time, folder, ownsFolder);
    }
}
