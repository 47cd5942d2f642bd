using Vprox.Bus.Hosting;

namespace Vprox.Bus.Messaging;

/// <summary>Section <c>Bus</c>: the broker, and how long anyone waits for it.</summary>
public sealed class BusOptions : IValidatedOptions
{
    /// <summary>amqp://user:password@host:port/vhost, or amqps; no vhost means "/".</summary>
    public string Uri { get; set; } = "amqp://guest:guest@127.0.0.1:5672/";

    /// <summary>How long a publish waits for the broker's confirm before it fails; 0.1..60 s.</summary>
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request waits for its answer; 0.1..60 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Publishes that may wait for the broker at once; those beyond fail immediately. 1..100,000.</summary>
    public int PendingPublishes { get; set; } = 1000;

    /// <summary>Bodies larger than this go to the error queue unread, in bytes.</summary>
    public int MaxBodyBytes { get; set; } = 1 << 20;

    /// <inheritdoc/>
    public IEnumerable<string> Errors()
    {
        // The URI holds a password: no message repeats it.
        if (!BrokerAddress.TryParse(Uri, out _)) yield return "Uri: is not of the form amqp://USER:PASSWORD@HOST:PORT/VHOST";
        if (!Waits(PublishTimeout)) yield return $"PublishTimeout: {PublishTimeout} is not within 00:00:00.1 and 00:01:00";
        if (!Waits(RequestTimeout)) yield return $"RequestTimeout: {RequestTimeout} is not within 00:00:00.1 and 00:01:00";
        if (PendingPublishes is < 1 or > 100_000) yield return $"PendingPublishes: {PendingPublishes} is not within 1 and 100000";
        if (MaxBodyBytes < 1024) yield return $"MaxBodyBytes: {MaxBodyBytes} is less than 1024";
    }

    private static bool Waits(TimeSpan time) => time >= TimeSpan.FromMilliseconds(100) && time <= TimeSpan.FromMinutes(1);
}
