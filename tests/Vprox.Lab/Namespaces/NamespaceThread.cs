using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Vprox.Lab.Namespaces;

/// <summary>Threads that change their network namespace and then end, so that no thread of the pool is ever left in another one.</summary>
internal static class NamespaceThread
{
    public static T Run<T>(Func<T> code)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = code();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    public static Task<T> RunAsync<T>(Func<Task<T>> code)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            using var pump = new Pump();
            SynchronizationContext.SetSynchronizationContext(pump);
            Task<T> task;
            try
            {
                task = code();
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
                return;
            }
            task.ContinueWith(_ => pump.Finish(), TaskScheduler.Default);
            pump.Drain();
            completion.SetFromTask(task);
        })
        { IsBackground = true };
        thread.Start();
        return completion.Task;
    }

    /// <summary>Runs continuations on the thread that drains it.</summary>
    private sealed class Pump : SynchronizationContext, IDisposable
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _work = [];

        public override void Post(SendOrPostCallback d, object? state)
        {
            try
            {
                _work.Add((d, state));
            }
            catch (InvalidOperationException)
            {
                // The code has finished; what it left running goes on in the pool.
                ThreadPool.QueueUserWorkItem(_ => d(state));
            }
        }

        public void Finish() => _work.CompleteAdding();

        public void Drain()
        {
            foreach (var (callback, state) in _work.GetConsumingEnumerable())
                callback(state);
        }

        public void Dispose() => _work.Dispose();
    }
}
