using Vprox.Addressing;
using Vprox.Allocator.Core;
using Vprox.Bus.Hosting;
using Vprox.Identity;

namespace Vprox.Allocator;

/// <summary>Section <c>Allocator</c>.</summary>
public sealed class AllocatorOptions : IValidatedOptions
{
    /// <summary>Sqlite, or PostgreSql when more than one replica runs.</summary>
    public DatabaseProvider Provider { get; set; }

    /// <summary>The connection string, e.g. "Data Source=/var/lib/vprox/allocator.db" or "Host=…;Database=vprox".</summary>
    public string Database { get; set; } = "Data Source=/var/lib/vprox/allocator.db";

    /// <summary>32 random bytes in base64 that encrypt the private keys in the database; mode 0600.</summary>
    public string KeyFile { get; set; } = "/etc/vprox/allocator.key";

    /// <summary>The region of requests that name none; null means the first of <see cref="Regions"/>.</summary>
    public string? DefaultRegion { get; set; }

    /// <summary>The pools.</summary>
    public List<RegionOptions> Regions { get; set; } = [];

    /// <summary>How long a grant lives; a worker renews at half of it.</summary>
    public TimeSpan GrantLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a released address rests, so that a late packet for its last owner reaches nobody else.</summary>
    public TimeSpan Quarantine { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A placement that nobody serves yet is published again after this time.</summary>
    public TimeSpan RepublishAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often state is looked through for what no message will mend.</summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many addresses move at a time when any one node may die only after they have; 0 means that none ever do.</summary>
    public int RebalanceMoves { get; set; } = 8;

    /// <summary>
    /// Ports in one block: 128, 256, 512 or 1024. Larger blocks mean fewer tunnels with ports of their own, 39,936 divided by it; smaller ones more
    /// grants while a busy tunnel grows. An address keeps the size it had when it was given to its proxy.
    /// </summary>
    public int PortBlockSize { get; set; } = AddressLayout.BlockSize;

    /// <summary>Blocks that a new tunnel gets; more come when it needs them.</summary>
    public int PortBlocksAtStart { get; set; } = 2;

    /// <summary>Tunnels that one address may have, those that share ports included.</summary>
    public int PeersPerAddress { get; set; } = 1000;

    /// <summary>How long it is remembered who held a block after it was given back.</summary>
    public TimeSpan PortRecordRetention { get; set; } = TimeSpan.FromDays(90);

    /// <inheritdoc/>
    public IEnumerable<string> Errors()
    {
        if (!BlockLayout.IsSize(PortBlockSize))
            yield return $"{nameof(PortBlockSize)}: {PortBlockSize} is not 128, 256, 512 or 1024";
        else if (PortBlocksAtStart < 1 || PortBlocksAtStart > new BlockLayout(PortBlockSize).Count)
            yield return $"{nameof(PortBlocksAtStart)}: {PortBlocksAtStart} is not within 1 and {new BlockLayout(PortBlockSize).Count}, the blocks of {PortBlockSize} ports that an address has";
        if (PeersPerAddress is < 1 or > 1000)
            yield return $"{nameof(PeersPerAddress)}: {PeersPerAddress} is not within 1 and 1000";
        if (RebalanceMoves is < 0 or > 100)
            yield return $"{nameof(RebalanceMoves)}: {RebalanceMoves} is not within 0 and 100";
        if (string.IsNullOrWhiteSpace(Database))
            yield return "Database: is empty";
        if (KeyFileError() is { } keyFileError)
            yield return $"KeyFile: {keyFileError}";
        if (Regions.Count == 0)
            yield return "Regions: is empty, so there is no address to give";
        if (DefaultRegion is not null && Regions.All(region => region.Name != DefaultRegion))
            yield return $"DefaultRegion: '{DefaultRegion}' is not one of Regions";
        foreach (var (name, value) in new[] { (nameof(GrantLifetime), GrantLifetime), (nameof(RepublishAfter), RepublishAfter), (nameof(ReconcileInterval), ReconcileInterval), (nameof(PortRecordRetention), PortRecordRetention) })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(365))
                yield return $"{name}: {value} is not a time above zero and within a year";
        }
        if (Quarantine < TimeSpan.Zero || Quarantine > TimeSpan.FromDays(365))
            yield return $"{nameof(Quarantine)}: {Quarantine} is not a time from zero to a year";
        foreach (var error in Regions.SelectMany((region, index) => region.Errors().Select(error => $"Regions:{index}:{error}")))
            yield return error;
        foreach (var error in Doubles("Name", Regions.Select(region => region.Name)))
            yield return error;
        foreach (var error in Doubles("SubnetId", Regions.SelectMany(region => region.Subnets).Select(subnet => subnet.SubnetId)))
            yield return error;
        var elasticIps = Regions.SelectMany(region => region.ElasticIps).ToList();
        foreach (var error in Doubles("Address", elasticIps.Select(ip => ip.Address)).Concat(Doubles("AllocationId", elasticIps.Select(ip => ip.AllocationId))))
            yield return error;
        if (elasticIps.Count > Slot.Count)
            yield return $"Regions: {elasticIps.Count} Elastic IPs are more than the {Slot.Count} that one Allocator can have";
    }

    private static IEnumerable<string> Doubles(string name, IEnumerable<string> values) => values
        .GroupBy(value => value)
        .Where(group => group.Key.Length > 0 && group.Count() > 1)
        .Select(group => $"Regions: {name} '{group.Key}' stands there {group.Count()} times");

    private string? KeyFileError()
    {
        try
        {
            using (KeyEncryption.FromFile(KeyFile))
                return null;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return e.Message;
        }
    }
}

/// <summary>Where the Allocator keeps its state.</summary>
public enum DatabaseProvider
{
    /// <summary>One file, one replica.</summary>
    Sqlite,

    /// <summary>A PostgreSQL database, any number of replicas.</summary>
    PostgreSql,
}
