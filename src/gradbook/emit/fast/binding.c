
/* The function as a Python module, for calls that cost less than the smallest problem. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#define NPY_NO_DEPRECATED_API NPY_1_7_API_VERSION
#include <numpy/arrayobject.h>

/* Whether it is an ndarray as C has it: aligned, row by row, native byte order, this type. */
static int plain(PyObject *object, int dimensions, int type)
{
    if (!PyArray_CheckExact(object))
        return 0;
    PyArrayObject *array = (PyArrayObject *)object;
    return PyArray_NDIM(array) == dimensions && PyArray_TYPE(array) == type
           && PyArray_ISCARRAY_RO(array);
}

/* (W, X, y, threads) → (L, dL); or None for data that have to be looked at first, or that gave no
   finite result. */
static PyObject *call(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    const int type = REAL_BYTES == 4 ? NPY_FLOAT32 : NPY_FLOAT64;
    (void)module;
    if (count != 4 || !plain(arguments[0], 2, type) || !plain(arguments[1], 2, type)
        || !plain(arguments[2], 1, NPY_INT64))
        Py_RETURN_NONE;
    PyArrayObject *W = (PyArrayObject *)arguments[0], *X = (PyArrayObject *)arguments[1];
    PyArrayObject *y = (PyArrayObject *)arguments[2];
    npy_intp size[2] = {PyArray_DIM(W, 0), PyArray_DIM(W, 1)};
    const npy_intp n = PyArray_DIM(X, 0);
    if (size[0] != CLASSES || size[1] < 1 || PyArray_DIM(X, 1) != size[1] || n < 1
        || PyArray_DIM(y, 0) != n)
        Py_RETURN_NONE;
    const long threads = PyLong_AsLong(arguments[3]);
    if (threads == -1 && PyErr_Occurred())
        return NULL;

    PyObject *dL = PyArray_SimpleNew(2, size, type);
    if (dL == NULL)
        return NULL;
    double L;
    int status;
    Py_BEGIN_ALLOW_THREADS
    status = loss_and_gradient(n, size[1], PyArray_DATA(W), PyArray_DATA(X), PyArray_DATA(y),
                               threads > most_threads ? most_threads : (int)threads, &L,
                               PyArray_DATA((PyArrayObject *)dL));
    Py_END_ALLOW_THREADS
    if (status != done) {
        Py_DECREF(dL);
        if (status == no_memory)
            return PyErr_NoMemory();
        Py_RETURN_NONE;
    }
    PyObject *loss = PyFloat_FromDouble(L);
    PyObject *result = loss == NULL ? NULL : PyTuple_Pack(2, loss, dL);
    Py_XDECREF(loss);
    Py_DECREF(dL);
    return result;
}

static PyMethodDef methods[] = {
    {"call", (PyCFunction)(void (*)(void))call, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static int ready(PyObject *module)
{
    (void)module;
    return _import_array();
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)ready},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "gradbook_kernel", NULL, 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_gradbook_kernel(void)
{
    return PyModuleDef_Init(&definition);
}
