using System.Net;
using Vprox.Addressing;
using Vprox.NodeAgent.Adapters.Links;
using Vprox.NodeAgent.Core.Metadata;

namespace Vprox.NodeAgent.Adapters.Imds;

/// <summary>
/// Reads a complete <see cref="MetadataSnapshot"/>. IMDS is throttled per instance, and a full node has hundreds of values: what an ENI cannot
/// change, and associations while its addresses are unchanged, are only read again every <see cref="FullReading"/>.
/// </summary>
public sealed partial class MetadataReader(ImdsClient imds, ILinkNames links, TimeProvider time) : IMetadataSource
{
    private static readonly TimeSpan FullReading = TimeSpan.FromSeconds(30);

    private sealed record Eni(string Id, string SubnetId, Ipv4Prefix Subnet, int DeviceNumber)
    {
        public string Texts { get; init; } = "";

        public IReadOnlyDictionary<IPAddress, IPAddress> PublicAddresses { get; init; } = new Dictionary<IPAddress, IPAddress>();
    }

    private Dictionary<string, Eni> _known = [];
    private DateTimeOffset _readFullyAt = DateTimeOffset.MinValue;
    private (string InstanceId, string Region)? _instance;
    private MetadataSnapshot? _last;

    /// <inheritdoc/>
    public string Name => "IMDS";

    /// <summary>Reads it.</summary>
    /// <exception cref="ImdsUnavailableException">The reading is not complete, or contradicts itself.</exception>
    public async Task<MetadataSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var fully = time.GetUtcNow() - _readFullyAt >= FullReading;
        var instance = _instance ??= (await NameAsync("instance-id", cancellationToken).ConfigureAwait(false),
            await NameAsync("placement/region", cancellationToken).ConfigureAwait(false));
        var macs = MetadataText.MacAddresses(await RequiredAsync("network/interfaces/macs/", cancellationToken).ConfigureAwait(false));
        var linkNames = links.ByMacAddress();
        var read = new Dictionary<string, Eni>();
        var interfaces = new List<NetworkInterfaceMetadata>();
        foreach (var mac in macs.Distinct())
        {
            var before = _known.GetValueOrDefault(mac);
            var localText = await imds.GetAsync(Path(mac, "local-ipv4s"), cancellationToken).ConfigureAwait(false);
            var local = MetadataText.Addresses(Path(mac, "local-ipv4s"), localText);
            var eni = fully || before is null ? await ReadEniAsync(mac, cancellationToken).ConfigureAwait(false) : before;
            if (eni is null || local.Count == 0)
            {
                // A new ENI is half there for a while. One that was whole cannot lose its primary address: the reading is not to be trusted.
                if (before is not null)
                    throw new ImdsUnavailableException($"IMDS lists {mac} and shows no addresses or subnet of it, which it did before");
                continue;
            }
            eni = await WithAssociationsAsync(eni, mac, localText!, fully ? null : before, cancellationToken).ConfigureAwait(false);
            read[mac] = eni;
            if (linkNames.TryGetValue(mac, out var linkName))
                interfaces.Add(Combine(eni, mac, linkName, local));
        }
        if (interfaces.Count == 0)
            throw new ImdsUnavailableException($"IMDS lists {macs.Count} network interfaces, and none is addressed and in the kernel");
        _known = read;
        _readFullyAt = fully ? time.GetUtcNow() : _readFullyAt;
        return _last = new MetadataSnapshot
        {
            InstanceId = instance.InstanceId,
            Region = instance.Region,
            NetworkInterfaces = await OrderAsync(interfaces, cancellationToken).ConfigureAwait(false),
            ReadAt = time.GetUtcNow(),
        };
    }

    private static NetworkInterfaceMetadata Combine(Eni eni, string mac, string linkName, IReadOnlyList<IPAddress> local) => new()
    {
        NetworkInterfaceId = eni.Id,
        MacAddress = mac,
        LinkName = linkName,
        DeviceNumber = eni.DeviceNumber,
        SubnetId = eni.SubnetId,
        Subnet = eni.Subnet,
        PrimaryAddress = local[0],
        SecondaryAddresses = [.. local.Skip(1)],
        PublicAddresses = eni.PublicAddresses,
    };

    /// <summary>Null while the ENI is not wholly shown.</summary>
    private async Task<Eni?> ReadEniAsync(string mac, CancellationToken cancellationToken)
    {
        var id = await imds.GetAsync(Path(mac, "interface-id"), cancellationToken).ConfigureAwait(false);
        var subnetId = await imds.GetAsync(Path(mac, "subnet-id"), cancellationToken).ConfigureAwait(false);
        var subnet = await imds.GetAsync(Path(mac, "subnet-ipv4-cidr-block"), cancellationToken).ConfigureAwait(false);
        var deviceNumber = await imds.GetAsync(Path(mac, "device-number"), cancellationToken).ConfigureAwait(false);
        return string.IsNullOrWhiteSpace(id) || string.IsNullOrWhiteSpace(subnetId) || string.IsNullOrWhiteSpace(subnet)
            ? null
            : new Eni(
                MetadataText.Name(Path(mac, "interface-id"), id),
                MetadataText.Name(Path(mac, "subnet-id"), subnetId),
                MetadataText.Prefix(Path(mac, "subnet-ipv4-cidr-block"), subnet),
                string.IsNullOrWhiteSpace(deviceNumber) ? 0 : MetadataText.DeviceNumber(Path(mac, "device-number"), deviceNumber));
    }

    private async Task<Eni> WithAssociationsAsync(Eni eni, string mac, string localText, Eni? before, CancellationToken cancellationToken)
    {
        var publicText = await imds.GetAsync(Path(mac, "public-ipv4s"), cancellationToken).ConfigureAwait(false) ?? "";
        var texts = localText + "|" + publicText;
        if (before?.Texts == texts)
            return before;
        var publicAddresses = new Dictionary<IPAddress, IPAddress>();
        foreach (var publicAddress in MetadataText.Addresses(Path(mac, "public-ipv4s"), publicText))
        {
            var path = Path(mac, "ipv4-associations/" + publicAddress);
            // Absent between the two readings: the association is gone again.
            if (await imds.GetAsync(path, cancellationToken).ConfigureAwait(false) is not { } privateAddress)
                return eni with { PublicAddresses = publicAddresses };
            publicAddresses[MetadataText.Address(path, privateAddress.Trim())] = publicAddress;
        }
        return eni with { Texts = texts, PublicAddresses = publicAddresses };
    }

    /// <summary>
    /// By device number. A hot-plugged ENI shows 0 until it has spread, so with two of them the instance's own MAC says which is the first;
    /// the others go behind it, numbered past the highest one.
    /// </summary>
    private async Task<IReadOnlyList<NetworkInterfaceMetadata>> OrderAsync(List<NetworkInterfaceMetadata> interfaces, CancellationToken cancellationToken)
    {
        var zeros = interfaces.Where(eni => eni.DeviceNumber == 0).ToList();
        if (zeros.Count <= 1)
            return [.. interfaces.OrderBy(eni => eni.DeviceNumber)];
        var own = (await imds.GetAsync("mac", cancellationToken).ConfigureAwait(false))?.Trim();
        var first = zeros.Find(eni => eni.MacAddress == own) ?? zeros[0];
        var next = interfaces.Max(eni => eni.DeviceNumber) + 1;
        // Not remembered: the next reading asks for its number again.
        foreach (var late in zeros.Where(eni => eni != first))
            _known.Remove(late.MacAddress);
        return [first, .. interfaces.Where(eni => eni.DeviceNumber > 0).OrderBy(eni => eni.DeviceNumber),
            .. zeros.Where(eni => eni != first).Select(late => late with { DeviceNumber = next++ })];
    }

    private async Task<string> NameAsync(string path, CancellationToken cancellationToken) =>
        MetadataText.Name(path, await RequiredAsync(path, cancellationToken).ConfigureAwait(false));

    private async Task<string> RequiredAsync(string path, CancellationToken cancellationToken) =>
        await imds.GetAsync(path, cancellationToken).ConfigureAwait(false)
            ?? throw new ImdsUnavailableException($"IMDS answered 404 to GET {path}, which every instance has");

    private static string Path(string mac, string value) => $"network/interfaces/macs/{mac}/{value}";
}
