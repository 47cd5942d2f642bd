using System.Diagnostics;
using System.Net;
using Vprox.Addressing;

namespace Vprox.Lab.Topology;

/// <summary>A container as its runtime makes it: a namespace with one link to the worker's bridge.</summary>
public sealed class LabContainer : LabHost
{
    internal LabContainer(string labName, string name, string labDirectory, LabWorker worker, IPAddress address)
        : base(labName, name, labDirectory) => (Worker, Address) = (worker, address);

    public LabWorker Worker { get; }

    /// <summary>Its address on the worker's bridge.</summary>
    public IPAddress Address { get; }

    /// <summary>The address that a server on the internet sees when this container connects.</summary>
    /// <exception cref="HttpRequestException">It cannot connect.</exception>
    public async Task<string> SeenAddressAsync(CancellationToken cancel = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(3));
        return await Http.GetStringAsync($"http://{LabPlan.InternetServer}/", deadline.Token);
    }

    /// <summary>Downloads that many bytes over one TCP connection.</summary>
    /// <returns>Megabits per second.</returns>
    public async Task<double> DownloadAsync(long bytes, CancellationToken cancel = default)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await Http.GetAsync(
            $"http://{LabPlan.InternetServer}/download?bytes={bytes}", HttpCompletionOption.ResponseHeadersRead, cancel);
        await using var body = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[64 * 1024];
        var received = 0L;
        while (await body.ReadAsync(buffer, cancel) is var size and > 0)
            received += size;
        return received == bytes
            ? bytes * 8 / 1e6 / Stopwatch.GetElapsedTime(started).TotalSeconds
            : throw new IOException($"{received} of {bytes} bytes arrived");
    }

    internal void Connect(Ipv4Prefix subnet)
    {
        Wiring.Cable(Worker, $"veth-{Name[(Name.IndexOf('-', StringComparison.Ordinal) + 1)..]}", this, "eth0");
        Wiring.Plug(Worker, $"veth-{Name[(Name.IndexOf('-', StringComparison.Ordinal) + 1)..]}", LabWorker.Bridge);
        Wiring.Address(this, "eth0", Address, subnet.Length);
        Wiring.Via(this, subnet.AddressAt(1));
    }
}
