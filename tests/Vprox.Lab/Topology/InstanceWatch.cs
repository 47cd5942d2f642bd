using Vprox.Lab.Cloud.Admin;

namespace Vprox.Lab.Topology;

/// <summary>Follows EC2's instances: what it starts gets a host, what it stops or terminates loses power.</summary>
internal sealed class InstanceWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;

    /// <param name="cloud">Tells of changes.</param>
    /// <param name="known">What the lab was built for.</param>
    /// <param name="follow">Makes the lab's hosts what the list says.</param>
    public InstanceWatch(CloudClient cloud, string known, Func<IReadOnlyList<InstanceView>, Task> follow) =>
        _loop = Task.Run(() => WatchAsync(cloud, known, follow, _end.Token));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private static async Task WatchAsync(
        CloudClient cloud, string known, Func<IReadOnlyList<InstanceView>, Task> follow, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var list = await cloud.InstancesAfterAsync(known, cancel);
                if (list.Fingerprint == known)
                    continue;
                await follow(list.Instances);
                known = list.Fingerprint;
            }
            catch (HttpRequestException)
            {
                // The cloud is being restarted.
                await Task.Delay(Pause, cancel);
            }
        }
    }
}
